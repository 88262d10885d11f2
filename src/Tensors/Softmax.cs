using System.Runtime.CompilerServices;
using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Softmax over rows: p[j] = e^(x[j] - max x) / Σ e^(x - max x), so that no finite logits overflow.</summary>
public static partial class Softmax
{
    /// <summary>
    /// Probabilities of each row of logits: logits [rows×classCount], probabilities [rows×classCount]. In place is allowed. A row with a NaN, with +∞, or of -∞
    /// alone gives NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ or are no whole number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">classCount is not positive.</exception>
    public static void Forward(ReadOnlySpan<float> logits, Span<float> probabilities, int classCount)
    {
        Shape.Rows(logits.Length, classCount, nameof(logits), nameof(classCount));
        Shape.CheckSame(probabilities.Length, logits.Length, nameof(probabilities), nameof(logits));
        logits.CopyTo(probabilities);
        if (Lanes512.IsAccelerated) Rows<Lanes512>(probabilities, classCount);
        else if (Lanes256.IsAccelerated) Rows<Lanes256>(probabilities, classCount);
        else if (Lanes128.IsAccelerated) Rows<Lanes128>(probabilities, classCount);
        else Rows<Lanes1>(probabilities, classCount);
    }

    [SkipLocalsInit]
    internal static void Rows<T>(Span<float> x, int classCount) where T : struct, ILanes<T>
    {
        Span<float> maxima = stackalloc float[SoftmaxRows.GroupRows], sums = stackalloc float[SoftmaxRows.GroupRows];
        while (!x.IsEmpty)
        {
            int rows = Math.Min(SoftmaxRows.GroupRows, x.Length / classCount);
            SoftmaxRows.Normalize<T>(x, rows, classCount, 1f, maxima, sums);
            x = x[(rows * classCount)..];
        }
    }
}
