using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// For each parameter the mean of what remains of the n clients' values once the ⌊β·n⌋ smallest and the ⌊β·n⌋ largest are cut (Yin, Chen, Ramchandran,
/// Bartlett: Byzantine-robust distributed learning. ICML 2018, Definition 2): up to that many hostile clients cannot move it beyond what the others sent.
/// Weighted, the same values are cut, and the rest is averaged by weight. Needs all updates: clients × parameters × 4 bytes.
/// </summary>
/// <inheritdoc cref="GatheringAggregator"/>
public sealed class TrimmedMean : GatheringAggregator
{
    private readonly decimal _beta;
    private readonly bool _weighted;

    /// <param name="beta">β, the fraction cut at each end: at least 0 and below 0.5.</param>
    /// <param name="weighted">Whether what remains is averaged by the clients' weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">β is out of its range.</exception>
    public TrimmedMean(double beta, bool weighted = false)
        : base(weighted)
    {
        // To 15 decimal digits, so that ⌊β·n⌋ is that of the number as written: in binary 0.29·100 is below 29.
        _beta = beta is >= 0 and < 0.5 && (decimal)beta < 0.5m
            ? (decimal)beta : throw new ArgumentOutOfRangeException(nameof(beta), beta, "The fraction cut at each end is at least 0 and below 0.5.");
        _weighted = weighted;
    }

    /// <inheritdoc/>
    protected override MetricTree Combine(GatheredUpdates updates, Span<float> aggregate, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(updates);
        problem = null;
        int cut = (int)(_beta * updates.Count);
        if (_weighted) WeightedMean(updates, cut, aggregate);
        else SortedRows.ForEachBlock(updates, aggregate, (rows, mean) => Mean(rows, cut, mean));
        return new MetricTree(("cut_each_end", new MetricValue(MetricType.Int32, cut)));
    }

    private static void Mean(SortedRows rows, int cut, Span<float> mean)
    {
        Span<double> sums = stackalloc double[mean.Length];
        sums.Clear();
        for (int k = cut; k < rows.Count - cut; k++) rows.AddTo(sums, k);
        for (int i = 0; i < mean.Length; i++) mean[i] = (float)(sums[i] / (rows.Count - 2 * cut));
    }

    private static void WeightedMean(GatheredUpdates updates, int cut, Span<float> mean)
    {
        var sorted = new SortedCoordinate(updates);
        for (int i = 0; i < mean.Length; i++)
        {
            sorted.Sort(i);
            double sum = 0, total = 0;
            for (int k = cut; k < updates.Count - cut; k++)
            {
                int client = sorted.Client(k);
                sum += updates.Weight(client) * updates[client][i];
                total += updates.Weight(client);
            }

            mean[i] = (float)(sum / total);
        }
    }
}
