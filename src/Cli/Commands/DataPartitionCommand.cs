using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Data.Partitioning;

namespace FedPure.Cli.Commands;

/// <summary>fedpure data partition: how far a partition's clients are from each other, and a lock that proves that it was made again.</summary>
internal static class DataPartitionCommand
{
    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var data = new DataSettings();
        var json = Flag.Json();
        var lockFile = new Setting<string?>(
            "--lock", "FILE", "A lock of the partition: written if there is none, else checked, which fails if anything differs.", (_, text) => text,
            absent: null);
        var command = new Command(
            "partition", "Shows how a partition spreads examples over clients: sizes, labels, and their distance from the whole.")
        { lockFile };
        foreach (var option in data.All) command.Options.Add(option);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            var partition = data.Partition.Read(result);
            if (partition is null && lockFile.Read(result) is not null)
                throw new UsageException("--lock is for a partition; give one, such as --partition dirichlet:100,0.5.");
            var loaded = data.Load(result);
            long seed = data.Seed.Read(result);
            ImmutableArray<SplitSkew> splits =
            [
                .. loaded.Splits.Select(split => new SplitSkew(
                    split.Name, SkewOf(loaded, split.Name),
                    partition is null ? null : LockedSplit.Of(split.Name, split.Examples!.Labels.Span, partition.Of(split.Name, split.Examples, seed))))
            ];

            // A lock that is begun is written whole whatever Ctrl-C says: that takes a moment.
            interrupt.Await();
            string? locked = lockFile.Read(result) is { } path
                ? Lock(path, new PartitionLock(partition!.Text, seed, [.. splits.Select(split => split.Locked!)])) : null;
            terminal.Print(json.IsSet(result) ? Json(loaded, partition, seed, splits, locked) : Plain(loaded, partition, splits, locked));
        });
        return command;
    }

    private static SkewStatistics SkewOf(LoadedData data, string split)
    {
        try
        {
            return SkewStatistics.Of(data.Clients("--split", split), data.ClassCount);
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException(data.Source, $"the split '{split}' cannot be measured: {UsageException.Sentence(e)}", e);
        }
    }

    /// <summary>Checks a lock that is there, or writes one; returns which.</summary>
    private static string Lock(string path, PartitionLock made)
    {
        if (!File.Exists(path))
        {
            made.Write(path);
            return "written";
        }

        var differences = PartitionLock.Read(path).Differences(made);
        return differences.IsEmpty
            ? "verified" : throw new DataFormatException(path, $"this partition is not the locked one: {string.Join("; ", differences)}.");
    }

    private static string Plain(LoadedData data, PartitionChoice? partition, ImmutableArray<SplitSkew> splits, string? locked) =>
        string.Join(Environment.NewLine, splits.Select(split => split.ToLines())
            .Prepend($"{data.Source}: {(partition is null ? "the clients of the data" : partition.Text)}")
            .Concat(locked is null ? [] : [$"lock {locked}"]));

    private static string Json(LoadedData data, PartitionChoice? partition, long seed, ImmutableArray<SplitSkew> splits, string? locked) =>
        JsonLines.Object(json =>
    {
        json.WriteString("data", data.Source);
        json.WriteString("partition", partition?.Text);
        json.WriteNumber("seed", seed);
        json.WriteStartObject("splits");
        foreach (var split in splits) split.WriteTo(json);
        json.WriteEndObject();
        if (locked is not null) json.WriteString("lock", locked);
    });
}

/// <summary>What data partition tells of one split.</summary>
internal sealed record SplitSkew(string Name, SkewStatistics Skew, LockedSplit? Locked)
{
    private string Sizes => string.Create(
        CultureInfo.InvariantCulture, $"{Skew.SmallestClient} to {Skew.LargestClient} of {Skew.Examples:N0} examples, median {Skew.MedianClient}");

    public string ToLines() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Name}
          clients          {Skew.Clients:N0} with {Sizes}; Gini {Skew.SizeGini:F3}
          labels           {Skew.LabelsPerClient.Least} to {Skew.LabelsPerClient.Most} each, mean {Skew.LabelsPerClient.Mean:F2}
          label entropy    {Text(Skew.LabelEntropy)} bits; all clients together {Skew.GlobalEntropy:F3}
          Jensen-Shannon   {Text(Skew.JensenShannon)} bits from all clients'
          earth mover's    {Text(Skew.EarthMovers)} from all clients'{(Locked is null ? "" : $"\n  rows sha256      {Locked.RowsSha256}")}
        """);

    /// <summary>Writes the split as a member, by its name.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject(Name);
        json.WriteNumber("clients", Skew.Clients);
        json.WriteNumber("examples", Skew.Examples);
        json.WriteStartObject("examples_per_client");
        json.WriteNumber("min", Skew.SmallestClient);
        json.WriteNumber("median", Skew.MedianClient);
        json.WriteNumber("max", Skew.LargestClient);
        json.WriteEndObject();
        json.WriteNumber("size_gini", Skew.SizeGini);
        json.WriteNumber("global_label_entropy", Skew.GlobalEntropy);
        Write(json, "labels_per_client", Skew.LabelsPerClient);
        Write(json, "label_entropy", Skew.LabelEntropy);
        Write(json, "jensen_shannon", Skew.JensenShannon);
        Write(json, "earth_movers", Skew.EarthMovers);
        if (Locked is not null) json.WriteString("rows_sha256", Locked.RowsSha256);
        json.WriteEndObject();
    }

    private static string Text(Spread spread) => string.Create(CultureInfo.InvariantCulture, $"{spread.Least:F3} to {spread.Most:F3}, mean {spread.Mean:F3}");

    private static void Write(Utf8JsonWriter json, string name, Spread spread)
    {
        json.WriteStartObject(name);
        json.WriteNumber("min", spread.Least);
        json.WriteNumber("mean", spread.Mean);
        json.WriteNumber("max", spread.Most);
        json.WriteEndObject();
    }
}
