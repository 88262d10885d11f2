using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FedPure.Data.Writers;

namespace FedPure.Data.Partitioning;

/// <summary>What proves that a partition was made again: its description, its seed, and hashes of each split's labels and of its clients' rows.</summary>
/// <param name="Spec">Which partition, such as dirichlet:100,0.5.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Splits">The splits in their order.</param>
public sealed record PartitionLock(string Spec, long Seed, ImmutableArray<LockedSplit> Splits)
{
    private const string FormatName = "fedpure-partition-1";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>The lock as JSON.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("format", FormatName);
            json.WriteString("partition", Spec);
            json.WriteNumber("seed", Seed);
            json.WriteStartObject("splits");
            foreach (var split in Splits)
            {
                json.WriteStartObject(split.Name);
                json.WriteNumber("examples", split.Examples);
                json.WriteString("labels_sha256", split.LabelsSha256);
                json.WriteNumber("clients", split.Clients);
                json.WriteString("rows_sha256", split.RowsSha256);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>Writes the lock; the file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path)
    {
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToJson())));
    }

    /// <summary>Reads a lock file.</summary>
    /// <exception cref="DataFormatException">The file is no lock.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PartitionLock Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            if (root.GetProperty("format").GetString() is var format && format != FormatName)
                throw new DataFormatException(path, $"its format is '{format}', but a partition's lock has {FormatName}.");
            return new PartitionLock(
                Text(root, "partition"), root.GetProperty("seed").GetInt64(),
                [.. root.GetProperty("splits").EnumerateObject().Select(split => new LockedSplit(
                    split.Name, split.Value.GetProperty("examples").GetInt32(), Text(split.Value, "labels_sha256"),
                    split.Value.GetProperty("clients").GetInt32(), Text(split.Value, "rows_sha256")))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DataFormatException(path, "it is no lock of a partition, which is a JSON object with format, partition, seed and splits.", e);
        }
    }

    /// <summary>What differs in another lock, in a clause for each difference; empty if it proves the same partition.</summary>
    public ImmutableArray<string> Differences(PartitionLock other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var found = ImmutableArray.CreateBuilder<string>();
        if (Spec != other.Spec) found.Add($"the partition is {other.Spec}, not {Spec}");
        if (Seed != other.Seed) found.Add($"the seed is {other.Seed}, not {Seed}");
        foreach (string name in Splits.Concat(other.Splits).Select(split => split.Name).Distinct())
        {
            if (Splits.FirstOrDefault(split => split.Name == name) is not { } mine) found.Add($"there is a split '{name}'");
            else if (other.Splits.FirstOrDefault(split => split.Name == name) is not { } theirs) found.Add($"the split '{name}' is missing");
            else if (mine.Examples != theirs.Examples) found.Add($"the split '{name}' has {theirs.Examples} examples, not {mine.Examples}");
            else if (mine.LabelsSha256 != theirs.LabelsSha256) found.Add($"the labels of the split '{name}' are others");
            else if (mine != theirs) found.Add($"the clients of the split '{name}' have other rows");
        }

        return found.ToImmutable();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");
}

/// <summary>A split in a <see cref="PartitionLock"/>; hashes are SHA-256 in lower-case hexadecimal.</summary>
public sealed record LockedSplit(string Name, int Examples, string LabelsSha256, int Clients, string RowsSha256)
{
    /// <summary>Describes a split that was partitioned.</summary>
    public static LockedSplit Of(string name, ReadOnlySpan<int> labels, Partition partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        var bytes = new byte[4L * labels.Length];
        for (int i = 0; i < labels.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), labels[i]);
        return new LockedSplit(name, labels.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), partition.ClientCount, partition.Sha256());
    }
}
