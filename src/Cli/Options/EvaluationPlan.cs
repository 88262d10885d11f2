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

    /// <summary>Each split's clients of these ids.</summary>
    /// <exception cref="UsageException">A split does not exist, or lacks one of the clients.</exception>
    public ImmutableArray<(string Split, ImmutableArray<ClientDataset> Clients)> Choose(LoadedData data, ImmutableArray<string> clientIds) =>
    [
        .. from split in Splits ?? [.. new[] { FederatedSplits.TrainName, FederatedSplits.TestName }.Where(data.Has)]
           let clients = data.Clients("--evaluate-on", split)
           select (split, clientIds.Select(clients.GetClient).ToImmutableArray())
    ];
}
