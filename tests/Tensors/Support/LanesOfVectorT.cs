using System.Numerics;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// Lanes over <see cref="Vector{T}"/>, whose width is the runtime's choice. The kernels do not use it; that they run over it unchanged shows that a loop body
/// depends on nothing but the words of <see cref="ILanes{T}"/>.
/// </summary>
internal readonly struct LanesOfVectorT(Vector<float> value) : ILanes<LanesOfVectorT>
{
    private readonly Vector<float> _value = value;

    public static int Width => Vector<float>.Count;

    public static bool IsAccelerated => Vector.IsHardwareAccelerated;

    public static LanesOfVectorT Zero => new(Vector<float>.Zero);

    public static LanesOfVectorT Broadcast(float value) => new(new Vector<float>(value));

    public static LanesOfVectorT Load(ref float source, nuint offset) => new(Vector.LoadUnsafe(ref source, offset));

    public static void Store(LanesOfVectorT value, ref float destination, nuint offset) => value._value.StoreUnsafe(ref destination, offset);

    public static LanesOfVectorT operator +(LanesOfVectorT left, LanesOfVectorT right) => new(left._value + right._value);

    public static LanesOfVectorT operator -(LanesOfVectorT left, LanesOfVectorT right) => new(left._value - right._value);

    public static LanesOfVectorT operator *(LanesOfVectorT left, LanesOfVectorT right) => new(left._value * right._value);

    public static LanesOfVectorT operator /(LanesOfVectorT left, LanesOfVectorT right) => new(left._value / right._value);

    public static LanesOfVectorT MultiplyAdd(LanesOfVectorT a, LanesOfVectorT b, LanesOfVectorT c) =>
        new(Vector.MultiplyAddEstimate(a._value, b._value, c._value));

    public static LanesOfVectorT Sqrt(LanesOfVectorT value) => new(Vector.SquareRoot(value._value));

    public static LanesOfVectorT SelectLess(LanesOfVectorT x, LanesOfVectorT y, LanesOfVectorT ifLess, LanesOfVectorT otherwise) =>
        new(Vector.ConditionalSelect(Vector.LessThan(x._value, y._value), ifLess._value, otherwise._value));

    public static LanesOfVectorT ScaleByPowerOfTwo(LanesOfVectorT value, LanesOfVectorT exponent)
    {
        var n = Vector.ConvertToInt32Native(exponent._value);
        var half = n >> 1;
        return new(value._value * PowerOfTwo(half) * PowerOfTwo(n - half));
    }

    public static bool AreNormal(LanesOfVectorT x) => Vector.LessThanAll(
        Vector.AsVectorUInt32(Vector.AsVectorInt32(x._value) - new Vector<int>(FloatBits.SmallestNormal)), new Vector<uint>(FloatBits.NormalSpan));

    public static void Split(LanesOfVectorT x, out LanesOfVectorT mantissa, out LanesOfVectorT exponent)
    {
        var bits = Vector.AsVectorInt32(x._value);
        var e = (bits - new Vector<int>(FloatBits.SqrtHalf)) >> FloatBits.MantissaBits;
        mantissa = new(Vector.AsVectorSingle(bits - (e << FloatBits.MantissaBits)));
        exponent = new(Vector.ConvertToSingle(e));
    }

    private static Vector<float> PowerOfTwo(Vector<int> n) => Vector.AsVectorSingle((n + new Vector<int>(FloatBits.Bias)) << FloatBits.MantissaBits);
}
