using System.Collections.Immutable;

namespace FedPure.Learning.Metrics;

/// <summary>
/// Each client's own metrics under its id, in the ordinal order of the ids: for simulations, where every client may be looked at. Clients without data (all
/// accumulators 0) are left out; a client that comes twice is listed twice.
/// </summary>
public sealed record MetricsByClient : IMetricsAggregator
{
    /// <inheritdoc/>
    public IMetricsAggregation Begin(ImmutableArray<Metric> metrics) => new Aggregation(metrics);

    private sealed class Aggregation(ImmutableArray<Metric> metrics) : IMetricsAggregation
    {
        private readonly List<(string ClientId, double[] Accumulators)> _clients = [];

        public void Clear() => _clients.Clear();

        public void Add(string clientId, ReadOnlySpan<double> accumulators)
        {
            if (accumulators.ContainsAnyExcept(0.0)) _clients.Add((clientId, accumulators.ToArray()));
        }

        public void Merge(IMetricsAggregation other) => _clients.AddRange(((Aggregation)other)._clients);

        // The accumulators order what one client sent twice, so that the report depends on no order of arrival.
        public MetricTree Report() => new(
        [
            .. _clients.OrderBy(client => client.ClientId, StringComparer.Ordinal)
                .ThenBy(client => client.Accumulators, Comparer<double[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)))
                .Select(client => KeyValuePair.Create<string, MetricNode>(client.ClientId, Measure(client.Accumulators))),
        ]);

        private MetricTree Measure(double[] accumulators)
        {
            var values = ImmutableArray.CreateBuilder<KeyValuePair<string, MetricNode>>(metrics.Length);
            int offset = 0;
            foreach (var metric in metrics)
            {
                values.Add(new(metric.Name, metric.Measure(accumulators.AsSpan(offset, metric.AccumulatorCount))));
                offset += metric.AccumulatorCount;
            }

            return new MetricTree(values.MoveToImmutable());
        }
    }
}
