using FedPure.Data.Random;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>Everything that lasts from round to round. A process has no memory of its own, so an old state can be continued from at any time.</summary>
/// <param name="GlobalModelWeights">The server's model.</param>
/// <param name="ClientWork">What the clients' work keeps, such as the rule that they train with.</param>
/// <param name="Aggregator">What the aggregator keeps, such as adaptive thresholds.</param>
/// <param name="Finalizer">The server's optimizer, which takes the aggregated update for a gradient.</param>
/// <param name="Round">Rounds done.</param>
/// <param name="Key">Of all that clients draw at random; a client's numbers depend on it, the round and the client's id, and on nothing else.</param>
public sealed record ServerState(
    ModelWeights GlobalModelWeights, ClientWorkState ClientWork, AggregatorState Aggregator, OptimizerState Finalizer, int Round, RandomKey Key)
{
    /// <summary>The key of a client's random numbers in the coming round.</summary>
    public RandomKey ClientKey(string clientId) => Key.Fold((ulong)Round).Fold(clientId);
}
