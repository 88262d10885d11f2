using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FedPure.Tensors.Lanes;

/// <summary>16 lanes: one <see cref="Vector512{T}"/>.</summary>
internal readonly struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> _value = value;

    public static int Width => 16;

    public static bool IsAccelerated => Vector512.IsHardwareAccelerated;

    public static Lanes512 Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref float source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, ref float destination, nuint offset) => value._value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectLess(Lanes512 x, Lanes512 y, Lanes512 ifLess, Lanes512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x._value, y._value), ifLess._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ScaleByPowerOfTwo(Lanes512 value, Lanes512 exponent)
    {
        var n = Vector512.ConvertToInt32Native(exponent._value);
        var half = n >> 1;
        var first = ((half + Vector512.Create(FloatBits.Bias)) << FloatBits.MantissaBits).AsSingle();
        var second = ((n - half + Vector512.Create(FloatBits.Bias)) << FloatBits.MantissaBits).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Lanes512 x) =>
        Vector512.LessThanAll((x._value.AsInt32() - Vector512.Create(FloatBits.SmallestNormal)).AsUInt32(), Vector512.Create(FloatBits.NormalSpan));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes512 x, out Lanes512 mantissa, out Lanes512 exponent)
    {
        var bits = x._value.AsInt32();
        var e = (bits - Vector512.Create(FloatBits.SqrtHalf)) >> FloatBits.MantissaBits;
        mantissa = new((bits - (e << FloatBits.MantissaBits)).AsSingle());
        exponent = new(Vector512.ConvertToSingle(e));
    }
}
