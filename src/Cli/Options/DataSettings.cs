using System.Collections.Immutable;
using System.CommandLine;
using FedPure.Data;

namespace FedPure.Cli.Options;

/// <summary>The options that choose examples and clients, the same for every command that reads data.</summary>
internal sealed class DataSettings
{
    private const string Forms = """
        Data:
          digits (embedded, real)
          idx:DIR (a folder of IDX images and labels)
          leaf:FILE|DIR (LEAF JSON)
          tff:FILE (TensorFlow Federated's SQLite, also .xz or .lzma)
          npz:FILE (NumPy)
          csv:FILE
          synthetic[:alpha=1,beta=1,clients=30,...] (FedProx's clients)
          blobs[:examples=6000,...] (normal clouds; docs/partitions.md)
        """;

    private readonly Setting<DataSource> _source = new("--data", "SPEC", Forms, DataSource.Parse, "digits");

    private readonly Setting<int?> _classes = new("--classes", "N", "Number of classes.", Number.OptionalAtLeastOne, absent: null, "1 + the largest label");

    /// <summary>Seeds what is random in the data and in the model.</summary>
    public Setting<long> Seed { get; } = new("--seed", "N", "Seed of the partition, of sampled clients and of the initial weights.", Number.Seed, "0");

    /// <summary>Spreads data without clients over N clients; null for none.</summary>
    public Setting<PartitionChoice?> Partition { get; } = new(
        "--partition", "SPEC", $"For data without clients: spreads them over N (docs/partitions.md):{PartitionChoice.Help}", PartitionChoice.Parse,
        absent: null, "none");

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [_source, Partition, _classes, Seed];

    /// <summary>Reads what the options name.</summary>
    public LoadedData Load(ParseResult result)
    {
        var source = _source.Read(result);
        int? given = _classes.Read(result);
        var splits = source.Load(given);
        if (Partition.Read(result) is { } partition) splits = Spread(source, splits, partition, Seed.Read(result));
        if (given is not { } classes) return new LoadedData(source.Text, splits, splits.Max(split => split.ClassCount));
        foreach (var split in splits.Where(_ => !source.ChecksLabels)) CheckLabels(source, split, classes);
        return new LoadedData(source.Text, splits, classes);
    }

    private static ImmutableArray<LoadedSplit> Spread(DataSource source, ImmutableArray<LoadedSplit> splits, PartitionChoice partition, long seed) =>
        splits.Any(split => split.Clients is not null)
            ? throw new UsageException($"--partition is for data without clients, but {source.Text} has clients of its own; leave it out.")
            : [.. splits.Select(split => split with { Clients = partition.Apply(split.Name, split.Examples!, seed) })];

    private static void CheckLabels(DataSource source, LoadedSplit split, int classes)
    {
        if (split.ClassCount <= classes) return;
        string label = split.Examples is { } table ? FirstBeyond(table.Labels.Span, classes)! : FirstBeyond(split.Clients!, classes);
        throw new DataFormatException(
            source.Text, $"{label} in the split '{split.Name}' is out of range for --classes {classes}; give at least --classes {split.ClassCount}.");
    }

    private static string FirstBeyond(IFederatedDataset clients, int classes) =>
        (from id in clients.ClientIds
         let client = clients.GetClient(id).InMemory()
         let label = FirstBeyond([.. Enumerable.Range(0, client.Count).Select(client.Label)], classes)
         where label is not null
         select $"{label} of client '{id}'").First();

    private static string? FirstBeyond(ReadOnlySpan<int> labels, int classes) =>
        labels.IndexOfAnyExceptInRange(0, classes - 1) is >= 0 and var example ? $"label {labels[example]} of example {example}" : null;
}
