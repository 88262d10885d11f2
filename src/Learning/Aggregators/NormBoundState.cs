using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>The state of <see cref="Zeroing"/> or <see cref="Clipping"/>: its bound's and that of the rule within.</summary>
/// <param name="Names">What the fields are called.</param>
/// <param name="Bound">State of the bound.</param>
/// <param name="Inner">State of the rule that gets what is passed on.</param>
public sealed record NormBoundState(NormBoundNames Names, AggregatorState Bound, AggregatorState Inner) : AggregatorState
{
    /// <inheritdoc/>
    public override TypeSignature Signature { get; } =
        new StructureType((Names.Norm, Bound.Signature), ("inner_agg", Inner.Signature), (Names.Count + "_agg", StructureType.Empty));
}

/// <summary>TensorFlow Federated's names for a rule that bounds norms.</summary>
/// <param name="Rule">Under which the inner rule's measurements stand, such as clipping.</param>
/// <param name="Norm">Of the bound in force, such as clipping_norm.</param>
/// <param name="Count">Of the number of clients beyond it, such as clipped_count.</param>
public sealed record NormBoundNames(string Rule, string Norm, string Count)
{
    internal static NormBoundNames Zeroing { get; } = new("zeroing", "zeroing_norm", "zeroed_count");

    internal static NormBoundNames Clipping { get; } = new("clipping", "clipping_norm", "clipped_count");
}
