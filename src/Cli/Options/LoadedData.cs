using System.Collections.Immutable;
using FedPure.Data;

namespace FedPure.Cli.Options;

/// <summary>
/// A split as it was loaded: centralized Examples that no partition has spread over clients yet, or Clients, whose examples may be in memory or read on demand.
/// </summary>
internal sealed record LoadedSplit(string Name, ExampleTable? Examples, IFederatedDataset? Clients)
{
    public ElementSpec Element => Clients?.Element ?? ElementSpec.ForExamples(Examples!.Shape);

    public long ExampleCount => Clients?.ExampleCount ?? Examples!.Count;

    /// <summary>1 + the largest label.</summary>
    public int ClassCount => Examples?.ClassCount ?? Clients!.ClassCount;

    /// <summary>How often each label occurs, from 0 to the largest.</summary>
    public ImmutableArray<long> CountLabels()
    {
        if (Clients is not null) return Clients.CountLabels();
        var counts = new LabelCounts();
        counts.Add(Examples!.Labels.Span);
        return counts.ToImmutable();
    }
}

/// <summary>What --data, --partition and --classes came to.</summary>
internal sealed record LoadedData(string Source, ImmutableArray<LoadedSplit> Splits, int ClassCount)
{
    public int FeatureCount => Splits[0].Element.FeatureCount;

    public bool Has(string split) => Splits.Any(loaded => loaded.Name == split);

    /// <summary>The clients of the split that an option names.</summary>
    /// <exception cref="UsageException">There is no such split, or it has no clients.</exception>
    public IFederatedDataset Clients(string option, string split)
    {
        Names.Require(option, split, [.. Splits.Select(loaded => loaded.Name)]);
        return Splits.Single(loaded => loaded.Name == split).Clients
            ?? throw new UsageException(Splits.FirstOrDefault(loaded => loaded.Clients is not null) is { } federated
                ? $"{option} {split}: this split of {Source} does not say whose its examples are, as '{federated.Name}' does; choose that split, "
                    + "or give this one its clients too."
                : $"--data {Source} has no clients of its own: spread its examples over some with --partition, such as --partition iid:100.");
    }
}
