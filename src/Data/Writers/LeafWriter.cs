using System.Text.Json;

namespace FedPure.Data.Writers;

/// <summary>
/// Writes LEAF's JSON form, one file a split: {"users", "num_samples", "user_data": {id: {"x": [[...]], "y": [...]}}}. A feature is the shortest decimal that
/// reads back as the same float32; an example is a flat list, as in FEMNIST, whatever its shape.
/// </summary>
public static class LeafWriter
{
    // Flushed by this size, so that memory does not follow the data's.
    private const int FlushBytes = 1 << 20;

    /// <summary>Writes each split to <paramref name="folder"/>/SPLIT/data.json.</summary>
    /// <exception cref="DataFormatException">Examples have float targets, or features that are not finite.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: what is whole by then stays, and nothing else.</exception>
    public static void Write(string folder, FederatedSplits splits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(splits);
        foreach (string name in splits.Names)
        {
            string splitFolder = Path.Combine(folder, name);
            Directory.CreateDirectory(splitFolder);
            WriteFile(Path.Combine(splitFolder, "data.json"), splits[name], cancellationToken);
        }
    }

    /// <summary>Writes one split.</summary>
    /// <exception cref="DataFormatException">Examples have float targets, or features that are not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then, or the older one.</exception>
    public static void WriteFile(string path, IFederatedDataset data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.RequireIds(path);
        WholeFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            json.WriteStartArray("users");
            foreach (string id in data.ClientIds) json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteStartArray("num_samples");
            foreach (string id in data.ClientIds) json.WriteNumberValue(data.GetClient(id).Count);
            json.WriteEndArray();
            json.WriteStartObject("user_data");
            foreach (string id in data.ClientIds) WriteClient(json, data.ReadToWrite(path, id), cancellationToken);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static void WriteClient(Utf8JsonWriter json, ClientDataset client, CancellationToken cancellationToken)
    {
        json.WriteStartObject(client.ClientId);
        json.WriteStartArray("x");
        for (int i = 0; i < client.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            json.WriteStartArray();
            foreach (float value in client.Features(i)) json.WriteNumberValue(value);
            json.WriteEndArray();
            if (json.BytesPending > FlushBytes) json.Flush();
        }

        json.WriteEndArray();
        json.WriteStartArray("y");
        for (int i = 0; i < client.Count; i++) json.WriteNumberValue(client.Label(i));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
