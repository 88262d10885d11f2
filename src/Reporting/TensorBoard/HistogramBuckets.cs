using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FedPure.Reporting.TensorBoard;

/// <summary>Buckets of equal width, with the edges and counts that TensorFlow's tf.summary.histogram computes in double precision.</summary>
internal static class HistogramBuckets
{
    private const int Chunk = 256;

    /// <summary>
    /// [bucketCount×3]: left edge, right edge, count. All 0 without a finite value; edges at the value and the count in the last bucket where all are equal.
    /// </summary>
    public static double[] Of(ReadOnlySpan<float> values, int bucketCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bucketCount);
        var buckets = new double[3 * bucketCount];
        if (values.IsEmpty) return buckets;
        double least = TensorPrimitives.Min(values), most = TensorPrimitives.Max(values);

        // One infinite value makes one of the two so, and a NaN both.
        if (!double.IsFinite(least) || !double.IsFinite(most)) return Of(values.ToArray().Where(float.IsFinite).ToArray(), bucketCount);
        double width = (most - least) / bucketCount;
        var rows = MemoryMarshal.Cast<double, Bucket>(buckets.AsSpan());
        for (int i = 0; i < bucketCount; i++) (rows[i].Left, rows[i].Right) = (Edge(i), Edge(i + 1));
        if (least == most) rows[^1].Count = values.Length;
        else Count(values, least, width, rows);
        return buckets;

        double Edge(int i) => i == bucketCount ? most : least + width * i;
    }

    // Subtraction and division are those of a loop, bit for bit. Weights lie close together, and a count that waits for the one before it would take most of
    // the time: neighbours count apart. The largest value would open a bucket of its own, which belongs to the last.
    private static void Count(ReadOnlySpan<float> values, double least, double width, Span<Bucket> rows)
    {
        var counts = new int[2 * (rows.Length + 1)];
        Span<double> places = stackalloc double[Chunk];
        for (; !values.IsEmpty; values = values[places.Length..])
        {
            places = places[..Math.Min(Chunk, values.Length)];
            TensorPrimitives.ConvertTruncating(values[..places.Length], places);
            TensorPrimitives.Subtract(places, least, places);
            TensorPrimitives.Divide(places, width, places);
            for (int i = 0; i < places.Length; i++) counts[2 * (int)places[i] + (i & 1)]++;
        }

        for (int i = 0; i <= rows.Length; i++) rows[Math.Min(i, rows.Length - 1)].Count += counts[2 * i] + counts[2 * i + 1];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Bucket
    {
        public double Left, Right, Count;
    }
}
