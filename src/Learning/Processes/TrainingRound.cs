using System.Collections.Immutable;
using FedPure.Learning.Metrics;

namespace FedPure.Learning.Processes;

/// <summary>A round that a <see cref="TrainingLoop"/> has ended.</summary>
/// <param name="Round">From 1; goes on from the round of the state that the loop started from.</param>
/// <param name="ClientIds">The cohort.</param>
/// <param name="Duration">Time of the round, without its evaluation.</param>
/// <param name="Result">What the process returned: the state after the round, its metrics, and clients left out.</param>
/// <param name="Evaluation">The evaluation after the round; null where there was none.</param>
/// <param name="Best">The best model so far; null without a <see cref="TrainingLoop.Selection"/> or before the first evaluation.</param>
public sealed record TrainingRound(int Round, ImmutableArray<string> ClientIds, TimeSpan Duration, RoundResult Result, MetricTree? Evaluation, BestModel? Best)
{
    /// <summary>The state after the round.</summary>
    public ServerState State => Result.State;
}

/// <summary>The state whose evaluation was the best so far.</summary>
/// <param name="Round">The round after which it was evaluated.</param>
/// <param name="Value">The value of the metric.</param>
/// <param name="State">The state after that round.</param>
public sealed record BestModel(int Round, double Value, ServerState State);

/// <summary>By which metric of the evaluations models are compared, and when training stops for want of a better one.</summary>
/// <param name="Metric">Its path, such as client_work/eval/current_round_metrics/loss.</param>
/// <param name="HigherIsBetter">True for an accuracy, false for a loss.</param>
/// <param name="Patience">Evaluations without improvement after which training stops, at least 1; null to never stop.</param>
public sealed record ModelSelection(string Metric, bool HigherIsBetter = false, int? Patience = null)
{
    /// <inheritdoc cref="ModelSelection" path="/param[@name='Patience']"/>
    public int? Patience { get; } = Patience is null or >= 1
        ? Patience : throw new ArgumentOutOfRangeException(nameof(Patience), Patience, "Patience is at least one evaluation.");

    /// <summary>Whether a value is better than the best so far; NaN never is.</summary>
    public bool IsBetter(double value, double best) => HigherIsBetter ? value > best : value < best;
}
