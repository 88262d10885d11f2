using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using FedPure.Data.Readers;

namespace FedPure.Data.Writers;

/// <summary>
/// Writes federated images as IDX files, gzipped: SPLIT-images-idx3-ubyte.gz and SPLIT-labels-idx1-ubyte.gz in the order of the clients, and
/// <see cref="IdxClients.FileName"/>, which tells whose they are. IDX holds bytes, so every feature must be one of the 256 pixels 1 - u8/255, and every label
/// below 256.
/// </summary>
public static class IdxWriter
{
    /// <summary>Writes all splits into a folder, which is made if it is not there.</summary>
    /// <exception cref="DataFormatException">A feature or label is no byte, examples have float targets, or they are too many for one file.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: what is whole by then stays, and nothing else.</exception>
    public static void Write(string folder, FederatedSplits splits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(splits);
        if (splits.Names.FirstOrDefault(name => name is not (FederatedSplits.TrainName or FederatedSplits.TestName)) is { } other)
            throw new DataFormatException(folder, $"a folder of IDX files has the splits train and test, not '{other}'.");
        Directory.CreateDirectory(folder);
        foreach (string name in splits.Names) WriteSplit(folder, name, splits[name], cancellationToken);
        WholeFile.Write(Path.Combine(folder, IdxClients.FileName), stream => WriteClients(stream, splits));
    }

    private static void WriteSplit(string folder, string split, IFederatedDataset data, CancellationToken cancellationToken)
    {
        data.RequireIds(folder);
        var shape = data.Element.Shape;
        string rank = (shape.Length + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        int count = data.ExampleCount <= Array.MaxLength / data.Element.FeatureCount
            ? (int)data.ExampleCount
            : throw new DataFormatException(folder, $"the split '{split}' has {data.ExampleCount} examples, too many for one IDX file.");
        WriteFile(Path.Combine(folder, $"{split}-images-idx{rank}-ubyte.gz"), [count, .. shape], stream =>
        {
            var bytes = new byte[data.Element.FeatureCount];
            ForEach(data, folder, (client, i) =>
            {
                var features = client.Features(i);
                for (int j = 0; j < bytes.Length; j++)
                {
                    bytes[j] = IdxImages.TryToByte(features[j], out byte value)
                        ? value
                        : throw new DataFormatException(
                            folder,
                            $"feature {j} of example {i} of client '{client.ClientId}' is {features[j]}, which is no pixel 1 - u8/255; IDX holds bytes only.");
                }

                stream.Write(bytes);
            }, cancellationToken);
        });
        WriteFile(Path.Combine(folder, $"{split}-labels-idx1-ubyte.gz"), [count], stream => ForEach(data, folder, (client, i) =>
        {
            int label = client.Label(i);
            if (label > byte.MaxValue)
                throw new DataFormatException(folder, $"label {label} of example {i} of client '{client.ClientId}' is above 255; IDX holds bytes only.");
            stream.WriteByte((byte)label);
        }, cancellationToken));
    }

    private static void ForEach(IFederatedDataset data, string folder, Action<ClientDataset, int> write, CancellationToken cancellationToken)
    {
        foreach (string id in data.ClientIds)
        {
            var client = data.ReadToWrite(folder, id);
            for (int i = 0; i < client.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                write(client, i);
            }
        }
    }

    private static void WriteFile(string path, ReadOnlySpan<int> dimensions, Action<Stream> writeData)
    {
        byte[] header = new byte[4 + 4 * dimensions.Length];
        (header[2], header[3]) = (IdxReader.UnsignedByte, (byte)dimensions.Length);
        for (int d = 0; d < dimensions.Length; d++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * d), dimensions[d]);
        WholeFile.Write(path, file =>
        {
            using var gzip = new GZipStream(file, CompressionLevel.Optimal);
            using var buffered = new BufferedStream(gzip, 1 << 16);
            buffered.Write(header);
            writeData(buffered);
        });
    }

    private static void WriteClients(Stream stream, FederatedSplits splits)
    {
        using var json = new Utf8JsonWriter(stream);
        var ranges = splits.Names.ToDictionary(name => name, name => Ranges(splits[name]));
        json.WriteStartObject();
        json.WriteStartArray("clients");
        foreach (string id in splits.Names.SelectMany(name => splits[name].ClientIds).Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            foreach (string name in splits.Names)
            {
                if (!ranges[name].TryGetValue(id, out var range)) continue;
                json.WriteStartArray(name);
                json.WriteNumberValue(range.Start);
                json.WriteNumberValue(range.Count);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Examples lie in the order of the split's clients, which need not be that of their ids.
    private static Dictionary<string, (int Start, int Count)> Ranges(IFederatedDataset data)
    {
        var ranges = new Dictionary<string, (int Start, int Count)>(StringComparer.Ordinal);
        int next = 0;
        foreach (string id in data.ClientIds)
        {
            int count = data.GetClient(id).Count;
            ranges.Add(id, (next, count));
            next += count;
        }

        return ranges;
    }
}
