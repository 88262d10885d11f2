using System.Runtime.CompilerServices;

namespace FedPure.Tensors.Lanes;

/// <summary>One lane: plain float arithmetic. What runs where no vector unit does, and what finishes short tails.</summary>
internal readonly struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float _value = value;

    public static int Width => 1;

    public static bool IsAccelerated => true;

    public static Lanes1 Zero => new(0f);

    public float Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(ref float source, nuint offset) => new(Unsafe.Add(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, ref float destination, nuint offset) => Unsafe.Add(ref destination, offset) = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 left, Lanes1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 left, Lanes1 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 left, Lanes1 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 left, Lanes1 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(float.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Sqrt(Lanes1 value) => new(MathF.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectLess(Lanes1 x, Lanes1 y, Lanes1 ifLess, Lanes1 otherwise) => x._value < y._value ? ifLess : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ScaleByPowerOfTwo(Lanes1 value, Lanes1 exponent)
    {
        // A NaN exponent converts to some integer here and to another in a vector unit; the value is NaN then too, so the product is NaN either way.
        int n = float.IsNaN(exponent._value) ? 0 : (int)exponent._value;
        int half = n >> 1;
        float first = BitConverter.Int32BitsToSingle((half + FloatBits.Bias) << FloatBits.MantissaBits);
        float second = BitConverter.Int32BitsToSingle((n - half + FloatBits.Bias) << FloatBits.MantissaBits);
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNormal(Lanes1 x) => (uint)(BitConverter.SingleToInt32Bits(x._value) - FloatBits.SmallestNormal) < FloatBits.NormalSpan;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes1 x, out Lanes1 mantissa, out Lanes1 exponent)
    {
        int bits = BitConverter.SingleToInt32Bits(x._value);
        int e = (bits - FloatBits.SqrtHalf) >> FloatBits.MantissaBits;
        mantissa = new(BitConverter.Int32BitsToSingle(bits - (e << FloatBits.MantissaBits)));
        exponent = new(e);
    }
}
