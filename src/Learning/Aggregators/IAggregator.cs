using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>A rule that makes one update of many clients'.</summary>
public interface IAggregator
{
    /// <summary>A running aggregation of updates of that many parameters: one for each worker.</summary>
    IAggregation Begin(int length);

    /// <summary>What the rule reports of a finished aggregation.</summary>
    MetricTree Measure(IAggregation aggregation);
}

/// <summary>
/// A running aggregation. Its result depends on the updates and weights added to it or to what was merged into it, and not on their order or grouping. Not safe for
/// concurrent use.
/// </summary>
public interface IAggregation
{
    /// <summary>Forgets everything added, and keeps its buffers.</summary>
    void Clear();

    /// <summary>Adds a client's update with its weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative.</exception>
    void Add(ReadOnlySpan<float> update, double weight);

    /// <summary>Adds all that was added to another aggregation of the same rule.</summary>
    void Merge(IAggregation other);

    /// <summary>Writes the aggregate, or fails, with a sentence that says why there is none.</summary>
    bool TryComplete(Span<float> aggregate, out string? problem);
}
