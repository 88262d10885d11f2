using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <content>
/// Cross-entropy on probabilities as Keras computes it: they are clipped to [1e-7, 1 - 1e-7] in float32 and divided by their new sum, so that a loss is at most
/// 16.118, and nothing is passed back through a clipped entry.
/// </content>
public static partial class CrossEntropy
{
    private const float ClipLow = 1e-7f, ClipHigh = 1f - 1e-7f;

    /// <summary>
    /// Returns the sum of the rows' losses in double precision and replaces the probabilities, which a softmax made of logits, by the gradient of the mean loss
    /// with respect to these logits; counts the rows whose largest probability, the first one of equals, is at the label. probabilities [rows×classCount],
    /// labels [rows].
    /// </summary>
    /// <exception cref="ArgumentException">probabilities is not of the shape [labels×classCount].</exception>
    /// <exception cref="ArgumentOutOfRangeException">classCount is not positive, or a label lies outside [0, classCount).</exception>
    public static double ClippedBackward(Span<float> probabilities, ReadOnlySpan<int> labels, int classCount, out int correct)
    {
        Check(probabilities.Length, labels, classCount, nameof(probabilities));
        return Clipped(probabilities, probabilities, labels, classCount, out correct);
    }

    /// <summary>The loss and the count of <see cref="ClippedBackward(Span{float}, ReadOnlySpan{int}, int, out int)"/> alone.</summary>
    /// <exception cref="ArgumentException">probabilities is not of the shape [labels×classCount].</exception>
    /// <exception cref="ArgumentOutOfRangeException">classCount is not positive, or a label lies outside [0, classCount).</exception>
    public static double EvaluateClipped(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int classCount, out int correct)
    {
        Check(probabilities.Length, labels, classCount, nameof(probabilities));
        return Clipped(probabilities, [], labels, classCount, out correct);
    }

    internal static double Clipped<T>(
        ReadOnlySpan<float> probabilities, Span<float> gradient, ReadOnlySpan<int> labels, int classCount, out int correct) where T : struct, ILanes<T>
    {
        double loss = 0;
        correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            var row = probabilities.Slice(i * classCount, classCount);
            float target = row[labels[i]];
            if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row) == labels[i] && !float.IsNaN(target)) correct++;
            SumClipped<T>(row, out float unclipped, out float clipped);
            float sum = unclipped + clipped, kept = target < ClipLow ? ClipLow : target > ClipHigh ? ClipHigh : target;
            loss += (double)Elementary.Log(new Lanes1(sum)).Value - Elementary.Log(new Lanes1(kept)).Value;
            if (!gradient.IsEmpty) PassBack<T>(gradient.Slice(i * classCount, classCount), labels[i], unclipped, clipped, 1f / labels.Length);
        }

        return loss;
    }

    private static double Clipped(ReadOnlySpan<float> probabilities, Span<float> gradient, ReadOnlySpan<int> labels, int classCount, out int correct)
    {
        if (Lanes512.IsAccelerated) return Clipped<Lanes512>(probabilities, gradient, labels, classCount, out correct);
        if (Lanes256.IsAccelerated) return Clipped<Lanes256>(probabilities, gradient, labels, classCount, out correct);
        if (Lanes128.IsAccelerated) return Clipped<Lanes128>(probabilities, gradient, labels, classCount, out correct);
        return Clipped<Lanes1>(probabilities, gradient, labels, classCount, out correct);
    }

    // The sums over the entries left as they are, and over what the others were clipped to. Element j belongs to virtual lane j mod 16; the last, incomplete
    // block is padded with -1, which counts for neither.
    [SkipLocalsInit]
    private static void SumClipped<T>(ReadOnlySpan<float> row, out float unclipped, out float clipped) where T : struct, ILanes<T>
    {
        const int Block = SoftmaxRow.Block;
        int whole = row.Length - row.Length % Block;
        Span<float> tail = stackalloc float[Block], inside = stackalloc float[Block], outside = stackalloc float[Block];
        tail.Fill(-1f);
        row[whole..].CopyTo(tail);
        ref float row0 = ref MemoryMarshal.GetReference(row);
        ref float tail0 = ref MemoryMarshal.GetReference(tail);
        for (int lane = 0; lane < Block; lane += T.Width)
        {
            T insideSum = T.Zero, outsideSum = T.Zero;
            for (int j = lane; j < whole; j += Block) Add(T.Load(ref row0, (nuint)j), ref insideSum, ref outsideSum);
            Add(T.Load(ref tail0, (nuint)lane), ref insideSum, ref outsideSum);
            T.Store(insideSum, ref MemoryMarshal.GetReference(inside), (nuint)lane);
            T.Store(outsideSum, ref MemoryMarshal.GetReference(outside), (nuint)lane);
        }

        unclipped = LaneFold.FoldOne(ref MemoryMarshal.GetReference(inside));
        clipped = LaneFold.FoldOne(ref MemoryMarshal.GetReference(outside));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T p, ref T inside, ref T outside) where T : struct, ILanes<T>
    {
        T low = T.Broadcast(ClipLow), high = T.Broadcast(ClipHigh);
        inside += T.SelectLess(p, low, T.Zero, T.SelectLess(high, p, T.Zero, p));
        outside += T.SelectLess(p, T.Zero, T.Zero, T.SelectLess(p, low, low, T.SelectLess(high, p, high, T.Zero)));
    }

    // With U and C the two sums, Q = U + C, m[j] = 1 where p[j] is not clipped and l the label: the loss is ln Q - ln q[l], so g[j] = m[j]·(1/Q - [j = l]/p[l])
    // by p[j], and the softmax passes back p[j]·(g[j] - s) with s = Σ g·p = U/Q - m[l], which is -C/Q where m[l] = 1: so written, nothing cancels.
    private static void PassBack<T>(Span<float> row, int label, float unclipped, float clipped, float perRow) where T : struct, ILanes<T>
    {
        bool labelUnclipped = row[label] is >= ClipLow and <= ClipHigh;
        float inverse = 1f / (unclipped + clipped), s = labelUnclipped ? -clipped * inverse : unclipped * inverse;
        float inside = (inverse - s) * perRow, outside = -s * perRow;
        ref float row0 = ref MemoryMarshal.GetReference(row);
        int j = 0;
        for (; j <= row.Length - T.Width; j += T.Width)
            T.Store(PassBack(T.Load(ref row0, (nuint)j), T.Broadcast(inside), T.Broadcast(outside)), ref row0, (nuint)j);
        for (; j < row.Length; j++) row[j] = PassBack(new Lanes1(row[j]), new Lanes1(inside), new Lanes1(outside)).Value;
        if (labelUnclipped) row[label] -= perRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PassBack<T>(T p, T inside, T outside) where T : struct, ILanes<T> =>
        p * T.SelectLess(p, T.Broadcast(ClipLow), outside, T.SelectLess(T.Broadcast(ClipHigh), p, outside, inside));
}
