using System.Globalization;
using FsCheck;

namespace FedPure.TestData;

/// <summary>Clients made of whatever FsCheck draws: ids of any characters, and any finite float32, as features and labels.</summary>
internal static class AnyClients
{
    public const int FeatureCount = 3;

    /// <summary>Features and labels by client id; at least one client has an example.</summary>
    public static SortedDictionary<string, (float[] Features, int[] Labels)> From(NonNull<string>[] ids, float[] values)
    {
        var clients = new SortedDictionary<string, (float[] Features, int[] Labels)>(StringComparer.Ordinal);
        int next = 0;
        foreach (string id in ids.Select(id => id.Get).Append("one").Where(IsText))
        {
            int count = id == "one" ? 2 : id.Length % 3;
            clients[id] = (
                [.. Enumerable.Range(0, count * FeatureCount).Select(_ => Value(values, next++))],
                [.. Enumerable.Range(0, count).Select(i => (id.Length + i) % 7)]);
        }

        return clients;
    }

    // No form keeps an id of half a character, and U+FFFD stands for bytes that could not be read.
    private static bool IsText(string id) => id.Length > 0 && !id.Contains('\0', StringComparison.Ordinal) && !id.Contains('\uFFFD', StringComparison.Ordinal)
        && id.EnumerateRunes().All(rune => rune.Value != 0xFFFD);

    private static float Value(float[] values, int index) =>
        index < values.Length && float.IsFinite(values[index]) ? values[index] : float.Parse($"{index}.1", CultureInfo.InvariantCulture);
}
