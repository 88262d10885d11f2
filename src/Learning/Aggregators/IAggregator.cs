using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// A rule that makes one update of many clients'. Rules compose by wrapping: what the outer one passes on is what the inner one aggregates, and each keeps its
/// own state and reports its own measurements.
/// </summary>
public interface IAggregator
{
    /// <summary>The state before the first round, for updates of the layout's trainable parameters.</summary>
    AggregatorState Initialize(ParameterLayout layout);

    /// <summary>The fewest updates that the rule makes an aggregate of; a round with fewer has a problem. A rule around another tells the other's.</summary>
    int LeastUpdates => 1;

    /// <summary>Memory for a running aggregation of such updates: one for each worker, used round after round.</summary>
    IAggregation CreateAggregation(ParameterLayout layout);
}

/// <summary>
/// A running aggregation. Its result depends on the updates and weights added to it or to what was merged into it, and not on their order or grouping. Not safe
/// for concurrent use.
/// </summary>
public interface IAggregation
{
    /// <summary>Starts a round from a state of the same rule: forgets everything added, and keeps its buffers.</summary>
    void Begin(AggregatorState state);

    /// <summary>Adds a client's update with its weight. A client whose work failed is not added at all.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="update">[trainable parameters]: start - end.</param>
    /// <param name="weight">What it weighs, at least 0.</param>
    /// <param name="sending">
    /// The client's updates before it in the same round, which were added to the same aggregation: above 0 only where clients are not waited for, so that a
    /// quick one may be in a round several times.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative.</exception>
    void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending = 0);

    /// <summary>Adds all that was added to another aggregation of the same rule in the same round.</summary>
    void Merge(IAggregation other);

    /// <summary>Ends the round: writes the aggregate, unless the result has a problem.</summary>
    AggregationResult Complete(Span<float> aggregate);
}

/// <summary>What an aggregation comes to, beside the aggregate.</summary>
/// <param name="State">The state after the round.</param>
/// <param name="Measurements">What the rule reports of the round.</param>
/// <param name="Problem">Why there is no aggregate, as a clause; null if there is one.</param>
public sealed record AggregationResult(AggregatorState State, MetricTree Measurements, string? Problem)
{
    /// <summary>
    /// The state after the round if its aggregate is thrown away, as where the server's step would leave the finite numbers: the same but for rules that
    /// remember what the aggregate has settled.
    /// </summary>
    public AggregatorState StateIfUnused { get; init; } = State;
}
