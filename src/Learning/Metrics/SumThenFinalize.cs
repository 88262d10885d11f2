using System.Collections.Immutable;

namespace FedPure.Learning.Metrics;

/// <summary>
/// Accumulators are summed over the clients, exactly, and each metric's finalizer sees the sums: TensorFlow Federated's default. Every example weighs the same,
/// so a client with few of them hardly shows; <see cref="ClientQuantiles"/> shows it.
/// </summary>
public sealed record SumThenFinalize : IMetricsAggregator
{
    /// <inheritdoc/>
    public IMetricsAggregation Begin(ImmutableArray<Metric> metrics) => new MetricSums(metrics);
}
