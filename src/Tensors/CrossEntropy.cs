using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// Softmax cross-entropy on logits: the loss of a row is ln Σ e^(x - max) + max - x[label], so neither overflow nor a vanishing probability harms it. Its
/// gradient is softmax(x) - onehot(label) (Bishop, Pattern Recognition and Machine Learning, eq. 4.109).
/// </summary>
public static partial class CrossEntropy
{
    /// <summary>
    /// Returns the mean loss over the rows and replaces the logits by its gradient, (softmax - onehot)/rows. logits [rows×classCount], labels [rows]; 0 for no
    /// rows.
    /// </summary>
    /// <exception cref="ArgumentException">logits is not of the shape [labels×classCount].</exception>
    /// <exception cref="ArgumentOutOfRangeException">classCount is not positive, or a label lies outside [0, classCount).</exception>
    public static float SoftmaxBackward(Span<float> logits, ReadOnlySpan<int> labels, int classCount)
    {
        double sum = SoftmaxBackward(logits, labels, classCount, out _);
        return labels.IsEmpty ? 0f : (float)(sum / labels.Length);
    }

    /// <summary>
    /// As <see cref="SoftmaxBackward(Span{float}, ReadOnlySpan{int}, int)"/>, but returns the sum of the rows' losses in double precision, and how many rows
    /// have their largest logit, the first one of equals, at the label.
    /// </summary>
    /// <exception cref="ArgumentException">logits is not of the shape [labels×classCount].</exception>
    /// <exception cref="ArgumentOutOfRangeException">classCount is not positive, or a label lies outside [0, classCount).</exception>
    public static double SoftmaxBackward(Span<float> logits, ReadOnlySpan<int> labels, int classCount, out int correct)
    {
        Check(logits.Length, labels, classCount);
        if (Lanes512.IsAccelerated) return Rows<Lanes512>(logits, labels, classCount, true, out correct);
        if (Lanes256.IsAccelerated) return Rows<Lanes256>(logits, labels, classCount, true, out correct);
        if (Lanes128.IsAccelerated) return Rows<Lanes128>(logits, labels, classCount, true, out correct);
        return Rows<Lanes1>(logits, labels, classCount, true, out correct);
    }

    /// <summary>
    /// The sum of the rows' losses in double precision, and how many rows have their largest logit, the first one of equals, at the label. logits
    /// [rows×classCount] serve as scratch and hold no meaning afterwards; labels [rows].
    /// </summary>
    /// <exception cref="ArgumentException">logits is not of the shape [labels×classCount].</exception>
    /// <exception cref="ArgumentOutOfRangeException">classCount is not positive, or a label lies outside [0, classCount).</exception>
    public static double Evaluate(Span<float> logits, ReadOnlySpan<int> labels, int classCount, out int correct)
    {
        Check(logits.Length, labels, classCount);
        if (Lanes512.IsAccelerated) return Rows<Lanes512>(logits, labels, classCount, false, out correct);
        if (Lanes256.IsAccelerated) return Rows<Lanes256>(logits, labels, classCount, false, out correct);
        if (Lanes128.IsAccelerated) return Rows<Lanes128>(logits, labels, classCount, false, out correct);
        return Rows<Lanes1>(logits, labels, classCount, false, out correct);
    }

    [SkipLocalsInit]
    internal static double Rows<T>(Span<float> logits, ReadOnlySpan<int> labels, int classCount, bool backward, out int correct) where T : struct, ILanes<T>
    {
        Span<float> maxima = stackalloc float[SoftmaxRows.GroupRows], sums = stackalloc float[SoftmaxRows.GroupRows],
            targets = stackalloc float[SoftmaxRows.GroupRows];
        float perRow = 1f / labels.Length;
        double loss = 0;
        correct = 0;
        for (; !labels.IsEmpty; labels = labels[Math.Min(SoftmaxRows.GroupRows, labels.Length)..])
        {
            int rows = Math.Min(SoftmaxRows.GroupRows, labels.Length);
            var group = logits[..(rows * classCount)];
            int earlierEquals = 0;
            for (int i = 0; i < rows; i++)
            {
                var row = group.Slice(i * classCount, classCount);
                targets[i] = row[labels[i]];
                earlierEquals |= HasEqual(row[..labels[i]], targets[i]) ? 1 << i : 0;
            }

            SoftmaxRows.Normalize<T>(group, rows, classCount, backward ? perRow : 0f, maxima, sums);
            SoftmaxRows.Log<T>(sums, rows);
            for (int i = 0; i < rows; i++)
            {
                if (targets[i] == maxima[i] && (earlierEquals >> i & 1) == 0) correct++;
                loss += (double)maxima[i] - targets[i] + sums[i];
                if (backward) group[i * classCount + labels[i]] -= perRow;
            }

            logits = logits[group.Length..];
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool HasEqual(ReadOnlySpan<float> row, float value)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                if (Vector.EqualsAny(new Vector<float>(row[i..]), new Vector<float>(value))) return true;
            }
        }

        bool found = false;
        for (; i < row.Length; i++) found |= row[i] == value;
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Check(int length, ReadOnlySpan<int> labels, int classCount, string name = "logits")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        Shape.Check(length, labels.Length, classCount, name);
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classCount) ThrowLabel(labels, row, classCount);
        }
    }

    [DoesNotReturn]
    private static void ThrowLabel(ReadOnlySpan<int> labels, int row, int classCount) =>
        throw new ArgumentOutOfRangeException(
            nameof(labels), $"The label of row {row} is {labels[row]}, but there are {classCount} classes, 0 to {classCount - 1}.");
}
