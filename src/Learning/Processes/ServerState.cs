using System.Collections.Immutable;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>An optimizer with what it remembers between steps.</summary>
/// <param name="Rule">The rule; replace it with <c>rule with { ... }</c> to change a hyper-parameter between rounds.</param>
/// <param name="State">Its state, of the rule's StateLength.</param>
public sealed record OptimizerState(IOptimizer Rule, ImmutableArray<float> State);

/// <summary>Everything that lasts from round to round. A process has no memory of its own, so an old state can be continued from at any time.</summary>
/// <param name="GlobalModelWeights">The server's model.</param>
/// <param name="ClientOptimizer">The rule that clients train with; each client starts it afresh in each round.</param>
/// <param name="Aggregator">What the aggregator keeps.</param>
/// <param name="Finalizer">The server's optimizer, which takes the mean update for a gradient.</param>
/// <param name="Round">Rounds done.</param>
public sealed record ServerState(ModelWeights GlobalModelWeights, IOptimizer ClientOptimizer, AggregatorState Aggregator, OptimizerState Finalizer, int Round);
