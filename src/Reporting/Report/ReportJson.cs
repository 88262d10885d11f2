using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.Report;

/// <summary>The data of a page as JSON that can stand in a script element: all of it is in here, and nothing of it is markup.</summary>
internal static class ReportJson
{
    /// <summary>Says what the JSON is, and of which version.</summary>
    public const string Format = "fedpure-report/1";

    // Quotes as \" instead of \u0022, since pictures are full of them; < is dealt with below.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON without &lt;, so that neither an end of the script element nor a comment can begin in it, whatever a client is called.</summary>
    public static string Write(ReportPage page)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteStartObject("description");
            Write(json, page.Description);
            json.WriteEndObject();
            json.WriteStartArray("runs");
            foreach (var run in page.Runs) Write(json, run);
            json.WriteEndArray();
            json.WriteStartArray("pictures");
            foreach (var picture in page.Survey is null ? [] : ExplorationPictures.Draw(page.Survey)) Write(json, picture);
            json.WriteEndArray();
            if (page.Survey is not null && page.Runs.IsEmpty)
            {
                json.WriteString("data_sha256", page.Survey.Sha256);
                var clients = new ClientTable();
                clients.Add(page.Survey);
                clients.AddLabels(page.Survey);
                Write(json, clients);
            }

            json.WriteEndObject();
        }

        // Outside of strings JSON has no <, and within them no backslash stands before it that is not itself escaped.
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length).Replace("<", "\\u003c", StringComparison.Ordinal);
    }

    private static void Write(Utf8JsonWriter json, ExplorationPicture picture)
    {
        json.WriteStartObject();
        json.WriteString("name", picture.FileName);
        json.WriteString("svg", picture.Svg);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunDescription description)
    {
        json.WriteString("name", description.Name);
        json.WriteString("command", description.Command);
        Write(json, "settings", description.Settings);
        Write(json, "environment", description.Environment);
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in pairs) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject();
        Write(json, run.Description);
        json.WriteString("outcome", Name(run.Outcome));
        json.WritePropertyName("seconds");
        JsonNumber.Write(json, Rounded(run.Seconds));
        json.WritePropertyName("parameters");
        JsonNumber.Write(json, run.Parameters);
        json.WriteString("data_sha256", run.DataSha256);
        json.WriteString("initial_weights_sha256", run.InitialWeightsSha256);
        json.WriteString("weights_sha256", run.WeightsSha256);
        WriteNotes(json, run);
        json.WriteStartArray("tables");
        foreach (var table in run.Tables) Write(json, table);
        json.WriteEndArray();
        Write(json, run.Clients);
        json.WriteEndObject();
    }

    /// <summary>Writes what happened in a run as the member notes.</summary>
    public static void WriteNotes(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartArray("notes");
        foreach (var note in run.Notes)
        {
            json.WriteStartObject();
            json.WriteNumber("round", note.Round);
            json.WriteString("text", note.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RunTable table)
    {
        json.WriteStartObject();
        json.WriteString("kind", table.Id.Kind);
        json.WriteString("split", table.Id.Split);
        json.WriteBoolean("over_clients", table.Id.OverClients);
        json.WriteStartArray("rounds");
        foreach (int round in table.Rounds) json.WriteNumberValue(round);
        json.WriteEndArray();
        bool isTime = table.Id.Kind == RunTableId.Round;
        json.WriteStartObject("columns");
        foreach (string column in table.Columns) Write(json, column, isTime ? table.Column(column)!.Select(Rounded) : table.Column(column)!);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClientTable clients)
    {
        json.WriteStartObject("clients");
        json.WriteStartArray("ids");
        foreach (string id in clients.ClientIds) json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteStartObject("columns");
        foreach (string column in clients.Columns) Write(json, column, clients.ClientIds.Select(id => clients[id, column]));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<double?> values)
    {
        json.WriteStartArray(name);
        foreach (double? value in values) JsonNumber.Write(json, value);
        json.WriteEndArray();
    }

    // Clocks are no better than a microsecond, and more digits would only be noise.
    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 6) : null;

    /// <summary>An outcome as the JSON spells it.</summary>
    public static string Name(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Finished => "finished",
        RunOutcome.Interrupted => "interrupted",
        RunOutcome.Failed => "failed",
        _ => "unfinished",
    };
}
