using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Types;

namespace FedPure.Learning.Processes;

/// <summary>The rule that clients train with, which each starts afresh in each round: replace it to change a hyper-parameter from one round to the next.</summary>
/// <param name="Rule">The rule.</param>
public sealed record ClientOptimizerState(IOptimizer Rule) : ClientWorkState
{
    /// <inheritdoc/>
    public override TypeSignature Signature(ParameterLayout layout) => OptimizerState.HyperparameterSignature(Rule);
}
