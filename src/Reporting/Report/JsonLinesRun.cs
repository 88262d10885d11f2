using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Learning.Metrics;

namespace FedPure.Reporting.Report;

/// <summary>A run as fedpure train --json printed it: the numbers of its rounds, without its settings and without single clients.</summary>
internal static class JsonLinesRun
{
    /// <exception cref="JsonException">A line is no JSON.</exception>
    /// <exception cref="FormatException">A line is no event of a run.</exception>
    public static RunRecord Read(string name, string text)
    {
        var run = new RunRecord(new RunDescription(name));
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            using var document = JsonDocument.Parse(line);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } json || !json.TryGetProperty("event", out var kind))
                throw new FormatException($"line {number} is no event");
            Add(run, kind.GetString(), json);
        }

        return run.Tables.Count > 0 ? run : throw new FormatException("there is no round in it");
    }

    private static void Add(RunRecord run, string? kind, JsonElement json)
    {
        switch (kind)
        {
            case "round":
                run.Round(
                    json.GetProperty("round").GetInt32(), json.GetProperty("clients").GetInt32(), json.GetProperty("seconds").GetDouble(),
                    Metrics(json.GetProperty("metrics")), trainable: null);
                break;
            case "evaluation":
                run.Evaluation(json.GetProperty("round").GetInt32(), json.GetProperty("split").GetString()!, Metrics(json.GetProperty("metrics")));
                break;
            case "summary":
                run.Restore(
                    RunOutcome.Finished, json.GetProperty("seconds").GetDouble(), json.GetProperty("parameters").GetInt32(),
                    json.GetProperty("weights_sha256").GetString());
                break;
        }
    }

    private static MetricTree Metrics(JsonElement json) => new([.. json.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, Node(entry.Value)))]);

    private static MetricNode Node(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Metrics(json),
        JsonValueKind.Array => Array(json),
        _ => Number(json),
    };

    // Counts are integers, which a float32 may not hold.
    private static MetricValue Number(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out long count)
            ? new(MetricType.Int64, count) : new(MetricType.Float32, JsonNumber.Read(json) ?? double.NaN);

    private static MetricArray Array(JsonElement json)
    {
        ImmutableArray<double> values = [.. Flat(json).Select(value => JsonNumber.Read(value) ?? double.NaN)];
        return new MetricArray(MetricType.Float32, [values.Length], values);
    }

    private static IEnumerable<JsonElement> Flat(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().SelectMany(Flat) : [json];
}
