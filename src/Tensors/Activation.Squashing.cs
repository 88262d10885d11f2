using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <content>What tanh and the sigmoid pass back, from their outputs.</content>
public static partial class Activation
{
    private interface IDerivative
    {
        /// <summary>The derivative where the function's value is y.</summary>
        static abstract T At<T>(T y) where T : struct, ILanes<T>;
    }

    /// <summary>d ← d·(1 - output²), where output = tanh of the input. output and d of one shape.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void TanhBackward(ReadOnlySpan<float> output, Span<float> d) => Backward<TanhDerivative>(output, d);

    /// <summary>d ← d·output·(1 - output), where output is the sigmoid of the input. output and d of one shape.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SigmoidBackward(ReadOnlySpan<float> output, Span<float> d) => Backward<SigmoidDerivative>(output, d);

    internal static void TanhBackward<T>(ReadOnlySpan<float> output, Span<float> d) where T : struct, ILanes<T> => Backward<T, TanhDerivative>(output, d);

    internal static void SigmoidBackward<T>(ReadOnlySpan<float> output, Span<float> d) where T : struct, ILanes<T> => Backward<T, SigmoidDerivative>(output, d);

    private static void Backward<TDerivative>(ReadOnlySpan<float> output, Span<float> d) where TDerivative : struct, IDerivative
    {
        Shape.CheckSame(output.Length, d.Length, nameof(output), nameof(d));
        if (Lanes512.IsAccelerated) Backward<Lanes512, TDerivative>(output, d);
        else if (Lanes256.IsAccelerated) Backward<Lanes256, TDerivative>(output, d);
        else if (Lanes128.IsAccelerated) Backward<Lanes128, TDerivative>(output, d);
        else Backward<Lanes1, TDerivative>(output, d);
    }

    private static void Backward<T, TDerivative>(ReadOnlySpan<float> output, Span<float> d)
        where T : struct, ILanes<T>
        where TDerivative : struct, IDerivative
    {
        ref float output0 = ref MemoryMarshal.GetReference(output);
        ref float d0 = ref MemoryMarshal.GetReference(d);
        int i = 0;
        for (; i <= d.Length - T.Width; i += T.Width)
            T.Store(T.Load(ref d0, (nuint)i) * TDerivative.At(T.Load(ref output0, (nuint)i)), ref d0, (nuint)i);
        for (; i < d.Length; i++)
            Lanes1.Store(Lanes1.Load(ref d0, (nuint)i) * TDerivative.At(Lanes1.Load(ref output0, (nuint)i)), ref d0, (nuint)i);
    }

    private readonly struct TanhDerivative : IDerivative
    {
        // (1 - y)·(1 + y) rather than 1 - y²: both factors are exact near their zeros, so a saturated unit passes back what is left.
        public static T At<T>(T y) where T : struct, ILanes<T> => (T.Broadcast(1f) - y) * (T.Broadcast(1f) + y);
    }

    private readonly struct SigmoidDerivative : IDerivative
    {
        public static T At<T>(T y) where T : struct, ILanes<T> => y * (T.Broadcast(1f) - y);
    }
}
