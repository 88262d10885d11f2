using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Bulyan over Krum (El Mhamdi, Guerraoui, Rouault: The hidden vulnerability of distributed learning in Byzantium. ICML 2018): Krum selects θ = n - 2f of n
/// updates one by one, each among those left; for each parameter the mean of the θ - 2f selected values closest to their median, equally close ones by client
/// id. Made for f hostile clients of n ≥ 4f + 3; a round with fewer has a problem. All clients count alike. Needs all updates: clients × parameters × 4 bytes,
/// and n² distances.
/// </summary>
public sealed class Bulyan : GatheringAggregator
{
    private readonly int _hostile;

    /// <param name="hostile">f, the hostile clients that a round may have: at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">f is negative.</exception>
    public Bulyan(int hostile)
        : base(weighted: false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hostile);
        _hostile = hostile;
    }

    /// <inheritdoc/>
    public override int LeastUpdates => (int)Math.Min(4L * _hostile + 3, int.MaxValue);

    /// <inheritdoc/>
    protected override MetricTree Combine(GatheredUpdates updates, Span<float> aggregate, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(updates);
        problem = updates.Count < 4L * _hostile + 3
            ? $"Bulyan for f = {_hostile} hostile clients takes at least 4f + 3 = {4L * _hostile + 3} updates, and there are {updates.Count}"
            : null;
        if (problem is not null) return MetricTree.Empty;
        int[] selected = new Neighbourhoods(updates).SelectOneByOne(updates.Count - 2 * _hostile, _hostile);
        Array.Sort(selected);
        MeanAroundMedian(updates, selected, selected.Length - 2 * _hostile, aggregate);
        return MetricTree.Empty;
    }

    private static void MeanAroundMedian(GatheredUpdates updates, int[] selected, int kept, Span<float> mean)
    {
        var values = new double[selected.Length];
        var distances = new double[selected.Length];
        var sorted = new double[selected.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            for (int k = 0; k < selected.Length; k++) values[k] = updates[selected[k]][i];
            values.CopyTo(sorted, 0);
            Array.Sort(sorted);
            double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
            for (int k = 0; k < selected.Length; k++) distances[k] = Math.Abs(values[k] - median);

            // All that are closer than the last one kept, and as many as close, in the order of the clients, as there is room for.
            distances.CopyTo(sorted, 0);
            Array.Sort(sorted);
            double last = sorted[kept - 1], sum = 0;
            int room = kept - sorted.AsSpan(0, kept).IndexOf(last);
            for (int k = 0; k < selected.Length; k++)
            {
                if (distances[k] < last || (distances[k] == last && room-- > 0)) sum += values[k];
            }

            mean[i] = (float)(sum / kept);
        }
    }
}
