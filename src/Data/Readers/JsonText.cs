using System.Text.Json;

namespace FedPure.Data.Readers;

/// <summary>Values of JSON tokens, refused by name and place where they are not what they should be.</summary>
internal static class JsonText
{
    /// <summary>The text of a string or property name at byte <paramref name="position"/>.</summary>
    /// <exception cref="DataFormatException">It is no text, or not valid UTF-8.</exception>
    public static string Read(in Utf8JsonReader json, string path, long position)
    {
        try
        {
            return json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                ? json.GetString()! : throw new DataFormatException(path, $"at byte {position}, a text should stand, not {json.TokenType}.");
        }
        catch (InvalidOperationException e)
        {
            throw new DataFormatException(path, $"the text at byte {position} is not valid UTF-8.", e);
        }
    }

    /// <summary>A class number; 3.0 is one too, since some programs write every number that way.</summary>
    /// <exception cref="DataFormatException">It is not a whole number from 0 to <see cref="LabelCounts.MaxClassCount"/> - 1.</exception>
    public static int Label(in Utf8JsonReader json, string path, long position)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double value) && value is >= 0 and < LabelCounts.MaxClassCount
            && value == Math.Floor(value)) return (int)value;
        throw new DataFormatException(
            path, $"at byte {position}, a label should stand, a whole number from 0 to {LabelCounts.MaxClassCount - 1}, not {Shown(json)}.");
    }

    // A few characters of a value that is refused.
    private static string Shown(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number
            ? System.Text.Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(20, json.ValueSpan.Length)]) : json.TokenType.ToString();
}
