using System.Runtime.CompilerServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <content>The squashing functions tanh and the logistic sigmoid.</content>
public static partial class Elementary
{
    // Below this |x| tanh is its own polynomial: 1 - 2/(e^2x + 1) would lose the bits that 1 and the quotient have in common.
    private const float TanhSmall = 0.625f;

    /// <summary>destination[i] = tanh x[i], within 2 ulp. ±1 for ±∞, -0 for -0, NaN stays NaN. In place is allowed.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> destination) => Map<TanhFunction>(x, destination);

    /// <summary>
    /// destination[i] = 1/(1 + e^-x[i]), within 3 ulp where it is a normal number, and 0 where e^-x overflows, below -88.72. NaN stays NaN. In place is
    /// allowed.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => Map<SigmoidFunction>(x, destination);

    /// <summary>tanh x = x·(1 + x²·P(x²)) for |x| &lt; 0.625, with a relative error below 2^-27 before rounding, and ±(1 - 2/(e^2|x| + 1)) beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f), size = T.SelectLess(x, T.Zero, T.Zero - x, x), square = x * x;
        T p = T.Broadcast(-0.00570498696f);
        p = T.MultiplyAdd(p, square, T.Broadcast(0.0206390872f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-0.0537397151f));
        p = T.MultiplyAdd(p, square, T.Broadcast(0.133314422f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-0.333332819f));
        T small = T.MultiplyAdd(p, square, one) * x;
        T large = one - T.Broadcast(2f) / (Exp(size + size) + one);
        return T.SelectLess(size, T.Broadcast(TanhSmall), small, T.SelectLess(x, T.Zero, T.Zero - large, large));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sigmoid<T>(T x) where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f);
        return one / (one + Exp(T.Zero - x));
    }

    private readonly struct TanhFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x) where T : struct, ILanes<T> => Tanh(x);
    }

    private readonly struct SigmoidFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x) where T : struct, ILanes<T> => Sigmoid(x);
    }
}
