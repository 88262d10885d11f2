using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FedPure.Tensors.Lanes;

/// <summary>4 lanes: one <see cref="Vector128{T}"/>.</summary>
internal readonly struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private readonly Vector128<float> _value = value;

    public static int Width => 4;

    public static bool IsAccelerated => Vector128.IsHardwareAccelerated;

    public static Lanes128 Zero => new(Vector128<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref float source, nuint offset) => new(Vector128.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, ref float destination, nuint offset) => value._value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SelectLess(Lanes128 x, Lanes128 y, Lanes128 ifLess, Lanes128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(x._value, y._value), ifLess._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ScaleByPowerOfTwo(Lanes128 value, Lanes128 exponent)
    {
        var n = Vector128.ConvertToInt32Native(exponent._value);
        var half = n >> 1;
        var first = ((half + Vector128.Create(FloatBits.Bias)) << FloatBits.MantissaBits).AsSingle();
        var second = ((n - half + Vector128.Create(FloatBits.Bias)) << FloatBits.MantissaBits).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Lanes128 x) =>
        Vector128.LessThanAll((x._value.AsInt32() - Vector128.Create(FloatBits.SmallestNormal)).AsUInt32(), Vector128.Create(FloatBits.NormalSpan));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes128 x, out Lanes128 mantissa, out Lanes128 exponent)
    {
        var bits = x._value.AsInt32();
        var e = (bits - Vector128.Create(FloatBits.SqrtHalf)) >> FloatBits.MantissaBits;
        mantissa = new((bits - (e << FloatBits.MantissaBits)).AsSingle());
        exponent = new(Vector128.ConvertToSingle(e));
    }
}
