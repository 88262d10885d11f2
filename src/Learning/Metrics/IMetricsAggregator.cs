using System.Collections.Immutable;

namespace FedPure.Learning.Metrics;

/// <summary>A rule that makes one report of many clients' unfinalized metrics; chosen when a process is built.</summary>
public interface IMetricsAggregator
{
    /// <summary>A running aggregation of those metrics: one for each worker.</summary>
    IMetricsAggregation Begin(ImmutableArray<Metric> metrics);
}

/// <summary>
/// A running aggregation of clients' metrics. Its report depends on the clients added to it, or to what was merged into it, and not on their order or grouping:
/// so one of a round can be merged into that of all rounds. Not safe for concurrent use.
/// </summary>
public interface IMetricsAggregation
{
    /// <summary>Forgets everything added.</summary>
    void Clear();

    /// <summary>Adds a client's accumulators, those of all metrics one after the other.</summary>
    void Add(string clientId, ReadOnlySpan<double> accumulators);

    /// <summary>Adds all that was added to another aggregation of the same rule and metrics, which stays as it is.</summary>
    void Merge(IMetricsAggregation other);

    /// <summary>The report of what was added so far.</summary>
    MetricTree Report();
}
