using FedPure.Data;
using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>Checks a round's arguments before any work starts.</summary>
internal static class CohortCheck
{
    public static void Check(IModel model, ModelWeights weights, IReadOnlyList<ClientDataset> clients)
    {
        ArgumentNullException.ThrowIfNull(clients);
        if (weights.Parameters.Length != model.Layout.Length)
            throw new ArgumentException($"The state has {weights.Parameters.Length} weights, but the model has {model.Layout.Length}.", nameof(weights));
        foreach (var client in clients)
        {
            if (client.FeatureCount != model.FeatureCount)
            {
                throw new ArgumentException(
                    $"Client '{client.ClientId}' has {client.FeatureCount} features an example, but the model takes {model.FeatureCount}.", nameof(clients));
            }

            if (client.Examples.TargetCount != model.TargetCount)
            {
                throw new ArgumentException(
                    $"Client '{client.ClientId}' has {Kind(client.Examples.TargetCount)}, but the model compares with {Kind(model.TargetCount)}.", nameof(clients));
            }

            if (client.Pipeline.BatchSize is null)
                throw new InvalidOperationException($"Client '{client.ClientId}' is not batched: give it a pipeline that ends with .Batch(size).");
        }
    }

    private static string Kind(int targetCount) => targetCount switch { 0 => "class labels", 1 => "a float target an example", _ => $"{targetCount} float targets an example" };
}
