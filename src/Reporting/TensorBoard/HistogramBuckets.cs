using System.Runtime.InteropServices;

namespace FedPure.Reporting.TensorBoard;

/// <summary>Buckets of equal width, with the edges and counts that TensorFlow's tf.summary.histogram computes in double precision.</summary>
internal static class HistogramBuckets
{
    /// <summary>[bucketCount×3]: left edge, right edge, count. All 0 without a finite value; edges at the value and the count in the last bucket where all are equal.</summary>
    public static double[] Of(ReadOnlySpan<float> values, int bucketCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bucketCount);
        var buckets = new double[3 * bucketCount];
        var rows = MemoryMarshal.Cast<double, Bucket>(buckets.AsSpan());
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        int count = 0;
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) continue;
            (least, most, count) = (Math.Min(least, value), Math.Max(most, value), count + 1);
        }

        if (count == 0) return buckets;
        double width = (most - least) / bucketCount;
        for (int i = 0; i < bucketCount; i++) (rows[i].Left, rows[i].Right) = (Edge(i), Edge(i + 1));
        if (least == most)
        {
            rows[^1].Count = count;
            return buckets;
        }

        foreach (float value in values)
        {
            // The largest value would open a bucket of its own.
            if (float.IsFinite(value)) rows[Math.Min((int)((value - least) / width), bucketCount - 1)].Count++;
        }

        return buckets;

        double Edge(int i) => i == bucketCount ? most : least + width * i;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Bucket
    {
        public double Left, Right, Count;
    }
}
