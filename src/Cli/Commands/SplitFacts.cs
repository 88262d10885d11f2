using System.Globalization;
using System.Text.Json;
using FedPure.Cli.Options;

namespace FedPure.Cli.Commands;

/// <summary>What data info tells of one split.</summary>
internal sealed class SplitFacts
{
    private readonly LoadedSplit _split;
    private readonly long[] _labelCounts;

    // Examples of each client in ascending order; empty for centralized data.
    private readonly int[] _clientSizes;

    public SplitFacts(LoadedSplit split, int classCount)
    {
        _split = split;
        _labelCounts = new long[classCount];
        split.CountLabels().CopyTo(_labelCounts);
        _clientSizes = split.Clients is { } clients ? [.. clients.ClientIds.Select(id => clients.GetClient(id).Count).Order()] : [];
    }

    private double MedianSize => (_clientSizes[(_clientSizes.Length - 1) / 2] + _clientSizes[_clientSizes.Length / 2]) / 2.0;

    public string ToLines() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {_split.Name}
          clients   {Clients()}
          examples  {_split.ExampleCount:N0} of shape {string.Join('×', _split.Element.Shape)}
          labels    {string.Join("  ", _labelCounts.Select((count, label) => $"{label}: {count}"))}
        """);

    /// <summary>Writes the split as a member, by its name.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject(_split.Name);
        json.WriteNumber("clients", _clientSizes.Length);
        json.WriteNumber("examples", _split.ExampleCount);
        WriteArray(json, "shape", [.. _split.Element.Shape.Select(size => (long)size)]);
        if (_clientSizes.Length > 0)
        {
            json.WriteStartObject("examples_per_client");
            json.WriteNumber("min", _clientSizes[0]);
            json.WriteNumber("median", MedianSize);
            json.WriteNumber("max", _clientSizes[^1]);
            json.WriteEndObject();
        }

        WriteArray(json, "label_counts", _labelCounts);
        json.WriteEndObject();
    }

    private string Clients() => _clientSizes.Length == 0
        ? "none (centralized; --partition iid:N spreads the examples over clients)"
        : string.Create(
            CultureInfo.InvariantCulture, $"{_clientSizes.Length:N0} with {_clientSizes[0]} to {_clientSizes[^1]} examples each, median {MedianSize}");

    private static void WriteArray(Utf8JsonWriter json, string name, ReadOnlySpan<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
