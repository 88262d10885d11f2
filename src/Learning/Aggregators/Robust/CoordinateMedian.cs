using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// The median of each parameter over the clients (Yin, Chen, Ramchandran, Bartlett: Byzantine-robust distributed learning. ICML 2018, Definition 1): fewer than
/// half of the clients cannot move it beyond what the others sent. For an even number it is the mean of the two middle values. Weighted, it is the smallest
/// value whose cumulative weight reaches half of the total, or the mean of it and the next if it reaches just half. Needs all updates: clients × parameters × 4
/// bytes.
/// </summary>
/// <inheritdoc cref="GatheringAggregator"/>
public sealed class CoordinateMedian(bool weighted = false) : GatheringAggregator(weighted)
{
    private readonly bool _weighted = weighted;

    /// <inheritdoc/>
    protected override MetricTree Combine(GatheredUpdates updates, Span<float> aggregate, out string? problem)
    {
        problem = null;
        if (_weighted) WeightedMedian(updates, aggregate);
        else SortedRows.ForEachBlock(updates, aggregate, Median);
        return MetricTree.Empty;
    }

    private static void Median(SortedRows rows, Span<float> median)
    {
        ReadOnlySpan<float> low = rows[(rows.Count - 1) / 2], high = rows[rows.Count / 2];
        for (int i = 0; i < median.Length; i++) median[i] = Middle(low[i], high[i]);
    }

    private static void WeightedMedian(GatheredUpdates updates, Span<float> median)
    {
        var sorted = new SortedCoordinate(updates);
        double half = 0;
        for (int client = 0; client < updates.Count; client++) half += updates.Weight(client) / 2;
        for (int i = 0; i < median.Length; i++)
        {
            sorted.Sort(i);
            int k = 0;
            double reached = updates.Weight(sorted.Client(0));
            while (reached < half && k < updates.Count - 1) reached += updates.Weight(sorted.Client(++k));
            int next = reached == half && k < updates.Count - 1 ? k + 1 : k;
            median[i] = Middle(updates[sorted.Client(k)][i], updates[sorted.Client(next)][i]);
        }
    }

    // The sum of two floats and its half have one rounding in double, and -0 becomes 0.
    private static float Middle(float low, float high) => (float)(((double)low + high) / 2 + 0.0);
}
