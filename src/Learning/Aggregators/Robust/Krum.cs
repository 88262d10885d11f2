using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Krum (Blanchard, El Mhamdi, Guerraoui, Stainer: Machine learning with adversaries. NIPS 2017): of n updates that one whose squared distances to its nearest
/// n - f - 2 others have the least sum, equal ones by client id. Multi-Krum: the mean of the m best. Made for f hostile clients of n ≥ 2f + 3; a round with
/// fewer has a problem. Needs all updates: clients × parameters × 4 bytes, and n² distances.
/// </summary>
/// <inheritdoc cref="GatheringAggregator"/>
public sealed class Krum : GatheringAggregator
{
    private readonly int _hostile, _selected;

    /// <param name="hostile">f, the hostile clients that a round may have: at least 0.</param>
    /// <param name="selected">
    /// m, the updates averaged: 1 for Krum. A round with fewer clients has a problem; above n - f hostile ones are surely among them.
    /// </param>
    /// <param name="weighted">Whether the mean of the selected goes by the clients' weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">f is negative, or m is not positive.</exception>
    public Krum(int hostile, int selected = 1, bool weighted = false)
        : base(weighted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hostile);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(selected);
        (_hostile, _selected) = (hostile, selected);
    }

    /// <inheritdoc/>
    public override int LeastUpdates => (int)Math.Min(Math.Max(2L * _hostile + 3, _selected), int.MaxValue);

    /// <inheritdoc/>
    protected override MetricTree Combine(GatheredUpdates updates, Span<float> aggregate, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(updates);
        problem = updates switch
        {
            _ when updates.Count < 2L * _hostile + 3 =>
                $"Krum for f = {_hostile} hostile clients takes at least 2f + 3 = {2L * _hostile + 3} updates, and there are {updates.Count}",
            _ when updates.Count < _selected => $"multi-Krum shall select m = {_selected} updates, and there are {updates.Count}",
            _ => null,
        };
        if (problem is not null) return MetricTree.Empty;
        int[] selected = new Neighbourhoods(updates).Ranking(_hostile)[.._selected];
        Array.Sort(selected);
        updates.Mean(selected, aggregate);
        return MetricTree.Empty;
    }
}
