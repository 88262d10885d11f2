using System.Collections.Immutable;
using FedPure.Learning.Metrics;

/// <summary>How many clients have a metric of at least <paramref name="Bar"/> on their own examples.</summary>
internal sealed record ClientsAbove(string Metric, double Bar) : IMetricsAggregator
{
    public IMetricsAggregation Begin(ImmutableArray<Metric> metrics)
    {
        var metric = metrics.Single(metric => metric.Name == Metric);
        return new Aggregation(metric, metrics.TakeWhile(other => other != metric).Sum(other => other.AccumulatorCount), Bar);
    }

    private sealed class Aggregation(Metric metric, int offset, double bar) : IMetricsAggregation
    {
        private int _above, _clients;

        public void Clear() => (_above, _clients) = (0, 0);

        public void Add(string clientId, ReadOnlySpan<double> accumulators)
        {
            double value = metric.Finalizer(accumulators.Slice(offset, metric.AccumulatorCount));
            _above += value >= bar ? 1 : 0;
            _clients++;
        }

        public void Merge(IMetricsAggregation other)
        {
            _above += ((Aggregation)other)._above;
            _clients += ((Aggregation)other)._clients;
        }

        public MetricTree Report() => new(("above", new MetricValue(MetricType.Int32, _above)), ("clients", new MetricValue(MetricType.Int32, _clients)));
    }
}
