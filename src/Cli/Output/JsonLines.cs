using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FedPure.Learning.Metrics;
using FedPure.Learning.Processes;
using FedPure.Reporting.Report;

namespace FedPure.Cli.Output;

/// <summary>Events as JSON Lines: one object a line, metrics with TensorFlow Federated's names, order and nesting.</summary>
internal sealed class JsonLines : IEventFormat
{
    // No page of HTML is made of these lines, so that <, > and + need no escapes.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Format(RoundEvent round) => Object(json =>
    {
        json.WriteString("event", "round");
        json.WriteNumber("round", round.Round);
        json.WriteNumber("clients", round.Clients);
        if (round.ClientIds is { } clientIds)
        {
            json.WriteStartArray("client_ids");
            foreach (string id in clientIds) json.WriteStringValue(id);
            json.WriteEndArray();
        }

        WriteSeconds(json, round.Seconds);
        WriteMetrics(json, "metrics", round.Metrics);
    });

    public string Format(EvaluationEvent evaluation) => Object(json =>
    {
        json.WriteString("event", "evaluation");
        json.WriteNumber("round", evaluation.Round);
        json.WriteString("split", evaluation.Split);
        WriteMetrics(json, "metrics", evaluation.Metrics);
    });

    public string Format(SummaryEvent summary) => Object(json =>
    {
        json.WriteString("event", "summary");
        json.WriteNumber("rounds", summary.Rounds);
        WriteSeconds(json, summary.Seconds);
        json.WriteNumber("parameters", summary.Parameters);
        json.WriteString("weights_sha256", summary.WeightsSha256);
    });

    public string Format(ProcessSignature types) => Object(json =>
    {
        json.WriteString("event", "types");
        json.WriteString("initialize", types.Initialize.ToString());
        json.WriteString("next", types.Next.ToString());
        json.WriteString("get_model_weights", types.GetModelWeights.ToString());
    });

    /// <summary>An object on one line.</summary>
    public static string Object(Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // Clocks are no better than this, and more digits would only be noise.
    private static void WriteSeconds(Utf8JsonWriter json, double seconds) => json.WriteNumber("seconds", Math.Round(seconds, 6));

    private static void WriteMetrics(Utf8JsonWriter json, string name, MetricNode node)
    {
        json.WritePropertyName(name);
        switch (node)
        {
            case MetricTree tree:
                json.WriteStartObject();
                foreach (var (key, child) in tree) WriteMetrics(json, key, child);
                json.WriteEndObject();
                break;
            case MetricArray array:
                WriteArray(json, array, 0, 0, array.Values.Length);
                break;
            case MetricValue value:
                WriteNumber(json, value);
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter json, MetricArray array, int dimension, int start, int length)
    {
        if (dimension == array.Shape.Length)
        {
            WriteNumber(json, array[start]);
            return;
        }

        json.WriteStartArray();
        int size = array.Shape[dimension], part = size == 0 ? 0 : length / size;
        for (int i = 0; i < size; i++) WriteArray(json, array, dimension + 1, start + i * part, part);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, MetricValue value)
    {
        if (value.Type != MetricType.Float32) json.WriteNumberValue((long)value.Value);
        else JsonNumber.Write(json, (float)value.Value);
    }
}
