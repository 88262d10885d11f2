using System.Collections.Immutable;
using FedPure.Data;

namespace FedPure.Cli.Options;

/// <summary>--evaluate-on: the splits to evaluate on, none of them, or (Splits is null) train and test where the data have them.</summary>
internal sealed record EvaluationPlan(ImmutableArray<string>? Splits)
{
    public static EvaluationPlan Default { get; } = new((ImmutableArray<string>?)null);

    public static EvaluationPlan Parse(string option, string text) =>
        text == "none" ? new([])
        : text.Split(',') is var splits && splits.Distinct().Count() == splits.Length ? new(ImmutableArray.Create(splits))
        : throw new UsageException($"{option} {text}: it names a split twice; give each once.");

    /// <summary>The splits, each of which has all of these clients.</summary>
    /// <exception cref="UsageException">A split does not exist, or lacks one of the clients.</exception>
    public ImmutableArray<(string Split, IFederatedDataset Clients)> Choose(LoadedData data, ImmutableArray<string> clientIds) =>
        [.. (Splits ?? [.. new[] { FederatedSplits.TrainName, FederatedSplits.TestName }.Where(data.Has)])
            .Select(split => (split, WithClients(data, split, clientIds)))];

    private static IFederatedDataset WithClients(LoadedData data, string split, ImmutableArray<string> clientIds)
    {
        var clients = data.Clients("--evaluate-on", split);
        var known = clients.ClientIds.ToHashSet(StringComparer.Ordinal);
        return clientIds.FirstOrDefault(id => !known.Contains(id)) is { } missing
            ? throw new UsageException(
                $"--evaluate-on: the split '{split}' has no client '{missing}', which is to be evaluated; choose other splits or clients, "
                    + "or none for no evaluation.")
            : clients;
    }
}
