using System.Collections.Immutable;

namespace FedPure.Learning.Metrics;

/// <summary>The unfinalized metrics of many clients: one exact sum for each accumulator. One a worker, merged at the end.</summary>
internal sealed class MetricSums : IMetricsAggregation
{
    private readonly ImmutableArray<Metric> _metrics;
    private readonly ExactSum[] _sums;

    public MetricSums(ImmutableArray<Metric> metrics)
    {
        _metrics = metrics;
        _sums = [.. Enumerable.Range(0, AccumulatorCount(metrics)).Select(_ => new ExactSum())];
    }

    public static int AccumulatorCount(ImmutableArray<Metric> metrics) => metrics.Sum(metric => metric.AccumulatorCount);

    /// <summary>Adds one client's accumulators.</summary>
    public void Add(ReadOnlySpan<double> accumulators)
    {
        for (int i = 0; i < _sums.Length; i++) _sums[i].Add(accumulators[i]);
    }

    void IMetricsAggregation.Add(string clientId, ReadOnlySpan<double> accumulators) => Add(accumulators);

    void IMetricsAggregation.Merge(IMetricsAggregation other) => Merge((MetricSums)other);

    MetricTree IMetricsAggregation.Report() => Finalized();

    public void Merge(MetricSums other)
    {
        for (int i = 0; i < _sums.Length; i++) _sums[i].Merge(other._sums[i]);
    }

    public void Clear()
    {
        foreach (var sum in _sums) sum.Clear();
    }

    /// <summary>The metrics of the sums.</summary>
    public MetricTree Finalized()
    {
        var totals = new double[_sums.Length];
        for (int i = 0; i < totals.Length; i++) totals[i] = _sums[i].Round();
        var tree = ImmutableArray.CreateBuilder<KeyValuePair<string, MetricNode>>();
        int offset = 0;
        foreach (var metric in _metrics)
        {
            tree.Add(new(metric.Name, metric.Measure(totals.AsSpan(offset, metric.AccumulatorCount))));
            offset += metric.AccumulatorCount;
        }

        return new MetricTree(tree.ToImmutable());
    }
}
