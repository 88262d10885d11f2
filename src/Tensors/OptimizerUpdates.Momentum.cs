using System.Runtime.CompilerServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

public static partial class OptimizerUpdates
{
    /// <summary>a ← m·a + g; w -= lr·a (Polyak, 1964). parameters w [n], gradient g [n], accumulator a [n].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Momentum(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, float learningRate, float momentum) =>
        Run(new MomentumUpdate(learningRate, momentum), parameters, gradient, accumulator, default);

    /// <summary>a ← m·a + g; w -= lr·(g + m·a) (Sutskever et al., 2013). parameters w [n], gradient g [n], accumulator a [n].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Nesterov(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, float learningRate, float momentum) =>
        Run(new NesterovUpdate(learningRate, momentum), parameters, gradient, accumulator, default);

    internal static void Momentum<T>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, float learningRate, float momentum)
        where T : struct, ILanes<T> => Run<T, MomentumUpdate>(new(learningRate, momentum), parameters, gradient, accumulator, default);

    internal static void Nesterov<T>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, float learningRate, float momentum)
        where T : struct, ILanes<T> => Run<T, NesterovUpdate>(new(learningRate, momentum), parameters, gradient, accumulator, default);

    private readonly struct MomentumUpdate(float learningRate, float momentum) : IUpdate
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = T.Broadcast(momentum) * first + gradient;
            parameter -= T.Broadcast(learningRate) * first;
        }
    }

    private readonly struct NesterovUpdate(float learningRate, float momentum) : IUpdate
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gradient, ref T parameter, ref T first, ref T second) where T : struct, ILanes<T>
        {
            first = T.Broadcast(momentum) * first + gradient;
            parameter -= T.Broadcast(learningRate) * (T.Broadcast(momentum) * first + gradient);
        }
    }
}
