using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Types;

namespace FedPure.Learning.Processes;

/// <summary>An optimizer with what it remembers between steps.</summary>
/// <param name="Rule">The rule; replace it with <c>rule with { ... }</c> to change a hyper-parameter between rounds.</param>
/// <param name="State">Its state, of the rule's StateLength.</param>
public sealed record OptimizerState(IOptimizer Rule, ImmutableArray<float> State)
{
    /// <summary>The rule with the state that it starts from.</summary>
    public static OptimizerState Initialize(IOptimizer rule, ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var state = new float[rule.StateLength(layout)];
        rule.InitializeState(layout, state);
        return new OptimizerState(rule, ImmutableCollectionsMarshal.AsImmutableArray(state));
    }

    /// <summary>The type of the rule's hyper-parameters and of its state, with TensorFlow Federated's names.</summary>
    public TypeSignature Signature(ParameterLayout layout)
    {
        // A number that the rule names among its state, as AdamW's weight_decay, stands there alone.
        var state = Rule.StateSignature(layout).Fields;
        return new StructureType([.. HyperparameterSignature(Rule).Fields.Where(number => state.All(field => field.Name != number.Name)), .. state]);
    }

    /// <summary>The type of a rule's hyper-parameters, such as &lt;learning_rate=float32&gt;.</summary>
    internal static StructureType HyperparameterSignature(IOptimizer rule) =>
        new(rule.Hyperparameters.Select(number => ((string?)number.Name, (TypeSignature)TensorType.Float32)));
}
