using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FedPure.Data.Readers.Numpy;

namespace FedPure.Data.Writers;

/// <summary>
/// Writes federated data as one .npz file for NumPy: for each split x_SPLIT float32 [n, ...], y_SPLIT int32 [n] and client_SPLIT [n], the id of each example's
/// client. A client without examples in a split does not appear in it.
/// </summary>
public static class NpzWriter
{
    /// <summary>Writes all splits; the file appears whole or not at all.</summary>
    /// <exception cref="DataFormatException">
    /// There are too many examples for one array, an id ends in a zero character, which NumPy drops, or examples have float targets or features that are not
    /// finite.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then, or the older one.</exception>
    public static void Write(string path, FederatedSplits splits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(splits);
        WholeFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
            foreach (string name in splits.Names) WriteSplit(zip, path, name, splits[name], cancellationToken);
        });
    }

    private static void WriteSplit(ZipArchive zip, string path, string split, IFederatedDataset data, CancellationToken cancellationToken)
    {
        data.RequireIds(path);
        int idLength = data.ClientIds.Select(id => id.EnumerateRunes().Count()).Append(1).Max();
        if (data.ClientIds.FirstOrDefault(id => id.EndsWith('\0')) is { } id)
            throw new DataFormatException(path, $"the id '{id.TrimEnd('\0')}' ends in a zero character, which NumPy drops.");
        if (data.ExampleCount > Array.MaxLength / 4 / Math.Max(idLength, data.Element.FeatureCount))
            throw new DataFormatException(path, $"the split '{split}' has {data.ExampleCount} examples, too many for one array.");
        int count = (int)data.ExampleCount;
        WriteArray(zip, path, $"x_{split}", new NpyHeader('f', 4, false, [count, .. data.Element.Shape]), data, WriteFeatures, cancellationToken);
        WriteArray(zip, path, $"y_{split}", new NpyHeader('i', 4, false, [count]), data, WriteLabel, cancellationToken);
        byte[] text = new byte[4 * idLength];
        WriteArray(
            zip, path, $"client_{split}", new NpyHeader('U', text.Length, false, [count]), data, (client, _, stream) => WriteId(client.ClientId, text, stream),
            cancellationToken);
    }

    private static void WriteArray(
        ZipArchive zip, string path, string name, NpyHeader header, IFederatedDataset data, Action<ClientDataset, int, Stream> write,
        CancellationToken cancellationToken)
    {
        using var entry = zip.CreateEntry(name + ".npy", CompressionLevel.Fastest).Open();
        using var stream = new BufferedStream(entry, 1 << 16);
        stream.Write(header.ToBytes());
        foreach (string id in data.ClientIds)
        {
            var client = data.ReadToWrite(path, id);
            for (int i = 0; i < client.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                write(client, i, stream);
            }
        }
    }

    private static void WriteFeatures(ClientDataset client, int example, Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (float value in client.Features(example))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    private static void WriteLabel(ClientDataset client, int example, Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, client.Label(example));
        stream.Write(bytes);
    }

    private static void WriteId(string id, byte[] text, Stream stream)
    {
        Array.Clear(text);
        Encoding.UTF32.GetBytes(id, text);
        stream.Write(text);
    }
}
