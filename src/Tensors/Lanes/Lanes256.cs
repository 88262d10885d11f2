using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FedPure.Tensors.Lanes;

/// <summary>8 lanes: one <see cref="Vector256{T}"/>.</summary>
internal readonly struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> _value = value;

    public static int Width => 8;

    public static bool IsAccelerated => Vector256.IsHardwareAccelerated;

    public static Lanes256 Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref float source, nuint offset) => new(Vector256.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref float destination, nuint offset) => value._value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SelectLess(Lanes256 x, Lanes256 y, Lanes256 ifLess, Lanes256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(x._value, y._value), ifLess._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 value, Lanes256 exponent)
    {
        var n = Vector256.ConvertToInt32Native(exponent._value);
        var half = n >> 1;
        var first = ((half + Vector256.Create(FloatBits.Bias)) << FloatBits.MantissaBits).AsSingle();
        var second = ((n - half + Vector256.Create(FloatBits.Bias)) << FloatBits.MantissaBits).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Lanes256 x) =>
        Vector256.LessThanAll((x._value.AsInt32() - Vector256.Create(FloatBits.SmallestNormal)).AsUInt32(), Vector256.Create(FloatBits.NormalSpan));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes256 x, out Lanes256 mantissa, out Lanes256 exponent)
    {
        var bits = x._value.AsInt32();
        var e = (bits - Vector256.Create(FloatBits.SqrtHalf)) >> FloatBits.MantissaBits;
        mantissa = new((bits - (e << FloatBits.MantissaBits)).AsSingle());
        exponent = new(Vector256.ConvertToSingle(e));
    }
}
