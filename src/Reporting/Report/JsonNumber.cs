using System.Globalization;
using System.Text.Json;

namespace FedPure.Reporting.Report;

/// <summary>Numbers in JSON, which knows neither NaN nor the infinities: they are the strings "NaN", "Infinity" and "-Infinity".</summary>
internal static class JsonNumber
{
    /// <summary>Writes a float32 as short as it can be read back to the same value.</summary>
    public static void Write(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(float.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    /// <summary>Writes a number, as a float32 where it is one; null for absence.</summary>
    public static void Write(Utf8JsonWriter json, double? value)
    {
        if (value is not { } number) json.WriteNullValue();
        else if (number is double.NaN || (float)number == number) Write(json, (float)number);
        else json.WriteNumberValue(number);
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, double?)"/> wrote: a number in float32's short form is read as that float32.</summary>
    /// <exception cref="FormatException">It is no number.</exception>
    public static double? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => ReadNumber(value),
        JsonValueKind.String when value.ValueEquals("NaN") => double.NaN,
        JsonValueKind.String when value.ValueEquals("Infinity") => double.PositiveInfinity,
        JsonValueKind.String when value.ValueEquals("-Infinity") => double.NegativeInfinity,
        _ => throw new FormatException($"{value.GetRawText()} is no number"),
    };

    // 0.1 is the float32 nearest to 0.1 if that is written so, and the double otherwise.
    private static double ReadNumber(JsonElement value)
    {
        double number = value.GetDouble();
        float single = (float)number;
        return float.IsFinite(single) && double.Parse(single.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == number ? single : number;
    }
}
