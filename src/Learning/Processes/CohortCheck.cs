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

            if (client.TargetCount != model.TargetCount)
            {
                throw new ArgumentException(
                    $"Client '{client.ClientId}' has {Kind(client.TargetCount)}, but the model compares with {Kind(model.TargetCount)}.", nameof(clients));
            }

            if (client.Pipeline.BatchSize is null)
                throw new InvalidOperationException($"Client '{client.ClientId}' is not batched: give it a pipeline that ends with .Batch(size).");
        }
    }

    /// <summary>Refuses a client that comes twice, for work that keeps something by client.</summary>
    public static void Distinct(IReadOnlyList<ClientDataset> clients)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var client in clients)
        {
            if (!ids.Add(client.ClientId))
                throw new ArgumentException($"Client '{client.ClientId}' comes twice in a round, but keeps one memory between rounds.", nameof(clients));
        }
    }

    private static string Kind(int targetCount) =>
        targetCount switch { 0 => "class labels", 1 => "a float target an example", _ => $"{targetCount} float targets an example" };
}
