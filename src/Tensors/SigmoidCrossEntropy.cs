using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// Binary cross-entropy on logits: with e = e^-|x| the loss of a value is max(x, 0) - x·t + ln(1 + e), which no logit overflows; a row's loss is the mean over
/// its values. The gradient is sigmoid(x) - t (Bishop, Pattern Recognition and Machine Learning, eq. 4.91).
/// </summary>
public static class SigmoidCrossEntropy
{
    // Losses are added one by one in double precision, so that the sum is the same at every width; the tail of an array is worked on in a block of this size.
    private const int Block = 16;

    /// <summary>
    /// Returns the sum of the rows' losses in double precision and replaces the logits by the gradient of their mean, (sigmoid(x) - t)/(rows·columns). logits,
    /// targets [rows×columns]; a target lies in [0, 1].
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">columns is not positive.</exception>
    public static double Backward(Span<float> logits, ReadOnlySpan<float> targets, int columns) => Sum(logits, targets, columns, logits) / columns;

    /// <summary>The loss of <see cref="Backward"/> alone; the logits stay as they are.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">columns is not positive.</exception>
    public static double Evaluate(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, int columns) => Sum(logits, targets, columns, []) / columns;

    [SkipLocalsInit]
    internal static double Blocks<T>(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> gradient) where T : struct, ILanes<T>
    {
        Span<float> x = stackalloc float[Block], t = stackalloc float[Block];
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float t0 = ref MemoryMarshal.GetReference(t);
        T scale = T.Broadcast(1f / logits.Length);
        double sum = 0;
        for (int start = 0; start < logits.Length; start += Block)
        {
            int count = Math.Min(Block, logits.Length - start);
            x.Clear();
            t.Clear();
            logits.Slice(start, count).CopyTo(x);
            targets.Slice(start, count).CopyTo(t);
            for (int lane = 0; lane < Block; lane += T.Width)
            {
                Element(T.Load(ref x0, (nuint)lane), T.Load(ref t0, (nuint)lane), out T loss, out T derivative);
                T.Store(loss, ref x0, (nuint)lane);
                T.Store(derivative * scale, ref t0, (nuint)lane);
            }

            for (int i = 0; i < count; i++) sum += x[i];
            if (!gradient.IsEmpty) t[..count].CopyTo(gradient[start..]);
        }

        return sum;
    }

    // ln(1 + e) as e·ln(u)/(u - 1) with u = 1 + e rounded (Kahan): the quotient repairs what rounding did to u, and where u is 1 the logarithm is e.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<T>(T x, T t, out T loss, out T derivative) where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f), positive = T.SelectLess(x, T.Zero, T.Zero, x), e = Elementary.Exp(T.SelectLess(x, T.Zero, x, T.Zero - x)), u = one + e;
        T log = T.SelectLess(one, u, e * (Elementary.Log(u) / (u - one)), e);
        loss = positive - x * t + log;

        // sigmoid(-|x|) is e/(1 + e); for x > 0 it is 1 - that, so that the difference from a target of 1 keeps its bits.
        T tail = e / u;
        derivative = T.SelectLess(x, T.Zero, tail - t, (one - t) - tail);
    }

    private static double Sum(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, int columns, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Shape.Rows(logits.Length, columns, nameof(logits), nameof(columns));
        Shape.CheckSame(targets.Length, logits.Length, nameof(targets), nameof(logits));
        if (Lanes512.IsAccelerated) return Blocks<Lanes512>(logits, targets, gradient);
        if (Lanes256.IsAccelerated) return Blocks<Lanes256>(logits, targets, gradient);
        if (Lanes128.IsAccelerated) return Blocks<Lanes128>(logits, targets, gradient);
        return Blocks<Lanes1>(logits, targets, gradient);
    }
}
