using System.Collections.Immutable;
using FedPure.Data.Random;
using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>The state of <see cref="Compression"/>.</summary>
/// <param name="Key">Of all that payloads draw; a payload's numbers depend on it, the round and the client's id.</param>
/// <param name="Round">Rounds done.</param>
/// <param name="Memory">With error feedback, what each client seen so far has not sent yet: parameters × 4 bytes a client.</param>
/// <param name="Inner">State of the rule that gets what the payloads stand for.</param>
public sealed record CompressionState(
    RandomKey Key, int Round, ImmutableDictionary<string, ImmutableArray<float>> Memory, AggregatorState Inner) : AggregatorState
{
    /// <summary>The memory is the clients', so that it has no place in the server's type.</summary>
    public override TypeSignature Signature => new StructureType(("round", TensorType.Int32), ("inner_agg", Inner.Signature));
}
