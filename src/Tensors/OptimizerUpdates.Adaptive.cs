using System.Runtime.CompilerServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

public static partial class OptimizerUpdates
{
    /// <summary>s += g²; w -= lr·g/√(s + ε) (Duchi, Hazan, Singer, 2011). parameters w [n], gradient g [n], preconditioner s [n].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adagrad(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> preconditioner, float learningRate, float epsilon) =>
        Run(new AdagradUpdate(learningRate, epsilon), parameters, gradient, preconditioner, default);

    /// <summary>p += (1 - d)·(g² - p); w -= lr·g/(√p + ε) (Tieleman, Hinton, 2012). parameters w [n], gradient g [n], preconditioner p [n].</summary>
    /// <param name="parameters">w [n].</param>
    /// <param name="gradient">g [n].</param>
    /// <param name="preconditioner">p [n].</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="oneMinusDecay">1 - d.</param>
    /// <param name="epsilon">ε, outside the root.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void RmsProp(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> preconditioner, float learningRate, float oneMinusDecay, float epsilon) =>
        Run(new RmsPropUpdate(learningRate, oneMinusDecay, epsilon), parameters, gradient, preconditioner, default);

    /// <summary>
    /// a += (1 - β1)·(g - a); p += (1 - β2)·(g² - p); w -= rate·a/(√p + ε) (Kingma, Ba, 2015; the form with the bias correction in the rate).
    /// </summary>
    /// <param name="parameters">w [n].</param>
    /// <param name="gradient">g [n].</param>
    /// <param name="accumulator">a [n].</param>
    /// <param name="preconditioner">p [n].</param>
    /// <param name="rate">lr·√(1 - β2^t)/(1 - β1^t) at step t = 1, 2, ...</param>
    /// <param name="oneMinusBeta1">1 - β1.</param>
    /// <param name="oneMinusBeta2">1 - β2.</param>
    /// <param name="epsilon">ε, outside the root.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adam(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner,
        float rate, float oneMinusBeta1, float oneMinusBeta2, float epsilon) =>
        Run(new AdamUpdate(rate, oneMinusBeta1, oneMinusBeta2, epsilon), parameters, gradient, accumulator, preconditioner);

    /// <summary>As <see cref="Adam"/>, but w -= lr·(correction·a/(√p + ε) + λ·w) (Loshchilov, Hutter, 2019).</summary>
    /// <param name="parameters">w [n].</param>
    /// <param name="gradient">g [n].</param>
    /// <param name="accumulator">a [n].</param>
    /// <param name="preconditioner">p [n].</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="correction">√(1 - β2^t)/(1 - β1^t) at step t = 1, 2, ...</param>
    /// <param name="oneMinusBeta1">1 - β1.</param>
    /// <param name="oneMinusBeta2">1 - β2.</param>
    /// <param name="epsilon">ε, outside the root.</param>
    /// <param name="weightDecay">λ.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AdamW(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner,
        float learningRate, float correction, float oneMinusBeta1, float oneMinusBeta2, float epsilon, float weightDecay) =>
        Run(new AdamWUpdate(learningRate, correction, oneMinusBeta1, oneMinusBeta2, epsilon, weightDecay), parameters, gradient, accumulator, preconditioner);

    /// <summary>
    /// As <see cref="Adam"/>, but p += (1 - β2)·sign(g² - p)·g², which lets the preconditioner fall no faster than it rises (Zaheer et al., 2018).
    /// </summary>
    /// <inheritdoc cref="Adam"/>
    public static void Yogi(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner,
        float rate, float oneMinusBeta1, float oneMinusBeta2, float epsilon) =>
        Run(new YogiUpdate(rate, oneMinusBeta1, oneMinusBeta2, epsilon), parameters, gradient, accumulator, preconditioner);

    /// <summary>
    /// a += (1 - β1)·(g - a); p += g²; w -= lr·a/(√p + ε): Adagrad along a mean of the gradients, with ε outside the root (Reddi et al., 2021, Algorithm 2).
    /// </summary>
    /// <param name="parameters">w [n].</param>
    /// <param name="gradient">g [n].</param>
    /// <param name="accumulator">a [n].</param>
    /// <param name="preconditioner">p [n].</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="oneMinusBeta1">1 - β1.</param>
    /// <param name="epsilon">ε, outside the root.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AdagradMean(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner, float learningRate, float oneMinusBeta1,
        float epsilon) =>
        Run(new AdagradMeanUpdate(learningRate, oneMinusBeta1, epsilon), parameters, gradient, accumulator, preconditioner);

    internal static void Adagrad<T>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> preconditioner, float learningRate, float epsilon)
        where T : struct, ILanes<T> => Run<T, AdagradUpdate>(new(learningRate, epsilon), parameters, gradient, preconditioner, default);

    internal static void RmsProp<T>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> preconditioner, float learningRate, float oneMinusDecay, float epsilon)
        where T : struct, ILanes<T> => Run<T, RmsPropUpdate>(new(learningRate, oneMinusDecay, epsilon), parameters, gradient, preconditioner, default);

    internal static void Adam<T>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner,
        float rate, float oneMinusBeta1, float oneMinusBeta2, float epsilon) where T : struct, ILanes<T> =>
        Run<T, AdamUpdate>(new(rate, oneMinusBeta1, oneMinusBeta2, epsilon), parameters, gradient, accumulator, preconditioner);

    internal static void AdamW<T>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner,
        float learningRate, float correction, float oneMinusBeta1, float oneMinusBeta2, float epsilon, float weightDecay) where T : struct, ILanes<T> =>
        Run<T, AdamWUpdate>(
            new(learningRate, correction, oneMinusBeta1, oneMinusBeta2, epsilon, weightDecay), parameters, gradient, accumulator, preconditioner);

    internal static void Yogi<T>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner,
        float rate, float oneMinusBeta1, float oneMinusBeta2, float epsilon) where T : struct, ILanes<T> =>
        Run<T, YogiUpdate>(new(rate, oneMinusBeta1, oneMinusBeta2, epsilon), parameters, gradient, accumulator, preconditioner);

    internal static void AdagradMean<T>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner, float learningRate, float oneMinusBeta1,
        float epsilon)
        where T : struct, ILanes<T> => Run<T, AdagradMeanUpdate>(new(learningRate, oneMinusBeta1, epsilon), parameters, gradient, accumulator, preconditioner);

    // mean += weight·(value - mean).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Blend<T>(T mean, T value, float weight) where T : struct, ILanes<T> => mean + T.Broadcast(weight) * (value - mean);

    private readonly struct AdagradUpdate(float learningRate, float epsilon) : IUpdate
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first += gradient * gradient;
            parameter -= Divide(T.Broadcast(learningRate) * gradient, T.Sqrt(first + T.Broadcast(epsilon)));
        }
    }

    private readonly struct RmsPropUpdate(float learningRate, float oneMinusDecay, float epsilon) : IUpdate
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = Blend(first, gradient * gradient, oneMinusDecay);
            parameter -= Divide(T.Broadcast(learningRate) * gradient, T.Sqrt(first) + T.Broadcast(epsilon));
        }
    }

    private readonly struct AdamUpdate(float rate, float oneMinusBeta1, float oneMinusBeta2, float epsilon) : IUpdate
    {
        public static bool HasSecond => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = Blend(first, gradient, oneMinusBeta1);
            second = Blend(second, gradient * gradient, oneMinusBeta2);
            parameter -= Divide(T.Broadcast(rate) * first, T.Sqrt(second) + T.Broadcast(epsilon));
        }
    }

    private readonly struct AdamWUpdate(
        float learningRate, float correction, float oneMinusBeta1, float oneMinusBeta2, float epsilon, float weightDecay) : IUpdate
    {
        public static bool HasSecond => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = Blend(first, gradient, oneMinusBeta1);
            second = Blend(second, gradient * gradient, oneMinusBeta2);
            T direction = Divide(T.Broadcast(correction) * first, T.Sqrt(second) + T.Broadcast(epsilon));
            parameter -= T.Broadcast(learningRate) * (direction + T.Broadcast(weightDecay) * parameter);
        }
    }

    private readonly struct AdagradMeanUpdate(float learningRate, float oneMinusBeta1, float epsilon) : IUpdate
    {
        public static bool HasSecond => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = Blend(first, gradient, oneMinusBeta1);
            second += gradient * gradient;
            parameter -= Divide(T.Broadcast(learningRate) * first, T.Sqrt(second) + T.Broadcast(epsilon));
        }
    }

    private readonly struct YogiUpdate(float rate, float oneMinusBeta1, float oneMinusBeta2, float epsilon) : IUpdate
    {
        public static bool HasSecond => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = Blend(first, gradient, oneMinusBeta1);
            T square = gradient * gradient, excess = square - second, change = T.Broadcast(oneMinusBeta2) * square;

            // Neither above nor below: the excess itself, which is 0 or NaN.
            second += T.SelectLess(T.Zero, excess, change, T.SelectLess(excess, T.Zero, T.Zero - change, excess));
            parameter -= Divide(T.Broadcast(rate) * first, T.Sqrt(second) + T.Broadcast(epsilon));
        }
    }
}
