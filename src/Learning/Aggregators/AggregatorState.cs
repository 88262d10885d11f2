using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>What an aggregator keeps from round to round, as an immutable value in the server's state.</summary>
public abstract record AggregatorState
{
    /// <summary>The type of the state, with TensorFlow Federated's names.</summary>
    public abstract TypeSignature Signature { get; }
}

/// <summary>The state of a rule that keeps nothing.</summary>
/// <param name="Signature">The empty structures that TensorFlow Federated prints for it.</param>
public sealed record StatelessAggregator(TypeSignature Signature) : AggregatorState
{
    /// <inheritdoc/>
    public override TypeSignature Signature { get; } = Signature;
}
