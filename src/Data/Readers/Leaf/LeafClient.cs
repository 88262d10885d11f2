using System.Collections.Immutable;
using System.Text.Json;

namespace FedPure.Data.Readers.Leaf;

/// <summary>Reads one user of a LEAF file that was scanned before; anything unexpected means that the file has changed since.</summary>
internal static class LeafClient
{
    /// <summary>Examples of numbers, each of <paramref name="shape"/>.</summary>
    /// <exception cref="DataFormatException">A number is no float32, or the file has changed.</exception>
    public static ExampleTable ReadNumbers(LeafUser user, ImmutableArray<int> shape)
    {
        int featureCount = shape.Aggregate(1, (product, size) => product * size);
        var features = new float[checked(user.Count * featureCount)];
        var labels = new int[user.Count];
        Read(user, (ref Utf8JsonReader json, string property) =>
        {
            if (property == "x") Fill(ref json, user, features);
            else Fill(ref json, user, labels);
        });
        return new ExampleTable(features, labels, shape);
    }

    /// <summary>Examples of text.</summary>
    /// <exception cref="DataFormatException">The file has changed.</exception>
    public static ImmutableArray<TextExample> ReadTexts(LeafUser user)
    {
        var texts = new List<ImmutableArray<string>>();
        var labels = new List<string>();
        Read(user, (ref Utf8JsonReader json, string property) =>
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (property == "x") texts.Add(Fields(ref json, user));
                else labels.Add(Text(json, user));
            }
        });
        return texts.Count == labels.Count ? [.. texts.Zip(labels, (fields, label) => new TextExample(fields, label))] : throw Changed(user);
    }

    private delegate void PropertyReader(ref Utf8JsonReader json, string property);

    private static void Read(LeafUser user, PropertyReader read)
    {
        var bytes = new byte[user.Length];
        using (var file = new FileStream(user.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1))
        {
            file.Position = user.Start;
            if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Changed(user);
        }

        try
        {
            var json = new Utf8JsonReader(bytes);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string property = json.GetString()!;
                json.Read();
                if (property is "x" or "y") read(ref json, property);
                else json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Changed(user, e);
        }
    }

    // Every number of the list, however deep the lists inside it.
    private static void Fill(ref Utf8JsonReader json, LeafUser user, float[] features)
    {
        int depth = json.CurrentDepth, filled = 0;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.Number) continue;
            if (filled == features.Length) throw Changed(user);
            if (!json.TryGetSingle(out features[filled]) || !float.IsFinite(features[filled]))
                throw new DataFormatException(
                    user.Path, $"the number at byte {user.Start + json.TokenStartIndex}, of the user '{user.Id}', is too large for float32.");
            filled++;
        }

        if (filled < features.Length) throw Changed(user);
    }

    private static void Fill(ref Utf8JsonReader json, LeafUser user, int[] labels)
    {
        int filled = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (filled == labels.Length) throw Changed(user);
            labels[filled++] = JsonText.Label(json, user.Path, user.Start + json.TokenStartIndex);
        }

        if (filled < labels.Length) throw Changed(user);
    }

    private static ImmutableArray<string> Fields(ref Utf8JsonReader json, LeafUser user)
    {
        if (json.TokenType != JsonTokenType.StartArray) return [Text(json, user)];
        var fields = ImmutableArray.CreateBuilder<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) fields.Add(Text(json, user));
        return fields.ToImmutable();
    }

    // A number among texts, such as a tweet's number, stays as it is written.
    private static string Text(in Utf8JsonReader json, LeafUser user) =>
        json.TokenType == JsonTokenType.Number
            ? System.Text.Encoding.UTF8.GetString(json.ValueSpan) : JsonText.Read(json, user.Path, user.Start + json.TokenStartIndex);

    private static DataFormatException Changed(LeafUser user, Exception? inner = null) =>
        new(user.Path, $"the data of the user '{user.Id}' at byte {user.Start} are not what they were when the file was opened; open it again.", inner);
}
