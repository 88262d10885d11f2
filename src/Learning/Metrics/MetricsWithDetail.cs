using System.Collections.Immutable;

namespace FedPure.Learning.Metrics;

/// <summary>
/// The report of one aggregator with that of another in it under a name: <c>new MetricsWithDetail(new SumThenFinalize(), "clients", new ClientQuantiles())</c>.
/// Nest it for more of them.
/// </summary>
/// <param name="Main">Whose entries come first.</param>
/// <param name="Name">The entry that follows.</param>
/// <param name="Detail">What it holds.</param>
public sealed record MetricsWithDetail(IMetricsAggregator Main, string Name, IMetricsAggregator Detail) : IMetricsAggregator
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A metric has the detail's name.</exception>
    public IMetricsAggregation Begin(ImmutableArray<Metric> metrics) => metrics.Any(metric => metric.Name == Name)
        ? throw new ArgumentException($"A metric is named '{Name}' already; give the detail another name.", nameof(metrics))
        : new Aggregation(Main.Begin(metrics), Name, Detail.Begin(metrics));

    private sealed class Aggregation(IMetricsAggregation main, string name, IMetricsAggregation detail) : IMetricsAggregation
    {
        private readonly IMetricsAggregation _main = main, _detail = detail;

        public void Clear()
        {
            _main.Clear();
            _detail.Clear();
        }

        public void Add(string clientId, ReadOnlySpan<double> accumulators)
        {
            _main.Add(clientId, accumulators);
            _detail.Add(clientId, accumulators);
        }

        public void Merge(IMetricsAggregation other)
        {
            var that = (Aggregation)other;
            _main.Merge(that._main);
            _detail.Merge(that._detail);
        }

        public MetricTree Report() => new(_main.Report().Entries.Add(new(name, _detail.Report())));
    }
}
