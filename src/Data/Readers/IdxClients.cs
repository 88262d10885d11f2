using System.Collections.Immutable;
using System.Text.Json;

namespace FedPure.Data.Readers;

/// <summary>
/// Whose examples those of IDX files are: {"clients": [{"id": ..., "train": [start, count], "test": [start, count]}, ...]}, ranges of examples of the split's
/// files. IDX itself knows no clients; a folder that has a file of this form and of the name <see cref="FileName"/> is federated.
/// </summary>
public static class IdxClients
{
    /// <summary>The name that makes a folder of IDX files federated.</summary>
    public const string FileName = "clients.json";

    /// <summary>Reads the ranges of each split by client.</summary>
    /// <exception cref="DataFormatException">The stream has another form, names a client twice, or has a range that is none.</exception>
    public static ImmutableDictionary<string, ImmutableDictionary<string, RowSet>> Read(Stream stream, string name)
    {
        var file = new JsonFile(stream, name);
        var json = file.Begin();
        var splits = new Dictionary<string, ImmutableDictionary<string, RowSet>.Builder>(StringComparer.Ordinal);
        Expect(file, ref json, JsonTokenType.StartObject);
        Expect(file, ref json, JsonTokenType.PropertyName);
        if (file.Text(json) != "clients") throw file.Error(json, "the property clients should stand");
        Expect(file, ref json, JsonTokenType.StartArray);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (file.ReadInside(ref json); json.TokenType != JsonTokenType.EndArray; file.ReadInside(ref json)) ReadClient(file, ref json, ids, splits);
        Expect(file, ref json, JsonTokenType.EndObject);
        file.Read(ref json);
        return splits.ToImmutableDictionary(split => split.Key, split => split.Value.ToImmutable(), StringComparer.Ordinal);
    }

    private static void ReadClient(
        JsonFile file, ref Utf8JsonReader json, HashSet<string> ids, Dictionary<string, ImmutableDictionary<string, RowSet>.Builder> splits)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw file.Error(json, "a client should stand, an object with its id and ranges");
        string? id = null;
        for (file.ReadInside(ref json); json.TokenType == JsonTokenType.PropertyName; file.ReadInside(ref json))
        {
            string property = file.Text(json);
            file.ReadInside(ref json);
            if (property == "id")
            {
                id = file.Text(json);
                if (!ids.Add(id)) throw file.Error(json, $"the client '{id}' stands a second time");
                continue;
            }

            if (id is null) throw file.Error(json, "a client's id should stand before its ranges");
            if (!splits.TryGetValue(property, out var clients))
                splits[property] = clients = ImmutableDictionary.CreateBuilder<string, RowSet>(StringComparer.Ordinal);
            if (!clients.TryAdd(id, ReadRange(file, ref json))) throw file.Error(json, $"the client '{id}' has {property} a second time");
        }

        if (id is null) throw file.Error(json, "a client has no id");
    }

    private static RowSet ReadRange(JsonFile file, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw file.Error(json, "a range should stand, [start, count]");
        int start = Number(file, ref json), count = Number(file, ref json);
        Expect(file, ref json, JsonTokenType.EndArray);
        return new RowSet(start, count);
    }

    private static int Number(JsonFile file, ref Utf8JsonReader json)
    {
        Expect(file, ref json, JsonTokenType.Number);
        return json.TryGetInt32(out int value) && value >= 0 ? value : throw file.Error(json, "a range should have whole numbers from 0");
    }

    private static void Expect(JsonFile file, ref Utf8JsonReader json, JsonTokenType type)
    {
        file.ReadInside(ref json);
        if (json.TokenType != type) throw file.Error(json, $"{type} should stand, not {json.TokenType}");
    }
}
