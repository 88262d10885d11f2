using System.Collections.Immutable;
using FedPure.Learning.Metrics;

namespace FedPure.Learning.Processes;

/// <summary>What a round returns.</summary>
/// <param name="State">The state after the round.</param>
/// <param name="Metrics">Measurements: distributor, client_work, aggregator, finalizer.</param>
public sealed record RoundResult(ServerState State, MetricTree Metrics)
{
    /// <summary>The ids of clients whose update was not finite; they were left out with weight 0, their metrics too. In the order of the cohort.</summary>
    public ImmutableArray<string> NonFiniteClients { get; init; } = [];

    /// <summary>
    /// The ids of the clients whose results the round used, in the order of their arrival, where clients come and go by a clock of their own; null where each
    /// client given takes part once.
    /// </summary>
    public ImmutableArray<string>? Arrivals { get; init; }

    /// <summary>Why the model is unchanged although the round ended (update_non_finite is 1), as a clause; null when it was updated.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// Server updates of finite results that were refused although others of the round moved the model; null where there were none. Results that are not finite
    /// do not count here, as they do in update_non_finite.
    /// </summary>
    public RefusedUpdates? RefusedInPart { get; init; }

    /// <summary>The state and the metrics apart, without the diagnostics.</summary>
    public void Deconstruct(out ServerState state, out MetricTree metrics) => (state, metrics) = (State, Metrics);
}

/// <summary>Server updates of a round that were refused.</summary>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Reason">Why the first of them was, as a clause.</param>
public sealed record RefusedUpdates(int Count, string Reason);
