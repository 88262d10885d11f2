using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Data;

namespace FedPure.Reporting.Report;

/// <summary>Reads runs back: from a page that <see cref="ReportPage"/> wrote, or from JSON Lines as fedpure train --json prints them.</summary>
public static class ReportFile
{
    private const string Start = $"<script type=\"application/json\" id=\"{PageTemplate.DataId}\">";

    /// <summary>The runs of a file; at least one.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="DataFormatException">It is neither a report nor the output of a run, or holds no run.</exception>
    public static ImmutableArray<RunRecord> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text = File.ReadAllText(path);
        try
        {
            return text.AsSpan().TrimStart() is ['{', ..] ? [JsonLinesRun.Read(Path.GetFileNameWithoutExtension(path), text)] : ReadPage(path, text);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DataFormatException(path, $"it is what a run told of itself, but damaged ({e.Message.TrimEnd('.')}); make it again.");
        }
    }

    private static ImmutableArray<RunRecord> ReadPage(string path, string text)
    {
        int start = text.IndexOf(Start, StringComparison.Ordinal);
        if (start < 0)
            throw new DataFormatException(
                path, "it is no report of a run: give the page that fedpure train --report FILE.html made, or what fedpure train --json printed.");
        start += Start.Length;

        // The data have no <, so that the next one ends them.
        int end = text.IndexOf('<', start);
        using var document = JsonDocument.Parse(text.AsMemory(start, (end < 0 ? text.Length : end) - start));
        var page = document.RootElement;
        if (page.GetProperty("format").GetString() is var format && format != ReportJson.Format)
            throw new DataFormatException(
                path, $"it is a report in the format '{format}', but this version reads {ReportJson.Format}; compare it with the version that made it.");
        ImmutableArray<RunRecord> runs = [.. page.GetProperty("runs").EnumerateArray().Select(Run)];
        if (runs.IsEmpty) throw new DataFormatException(path, "it is a report of data without a run; give reports of fedpure train.");

        // A file may have been renamed since; its runs are known by their own names only where it has several.
        if (runs is [var only]) only.Description = only.Description with { Name = Path.GetFileNameWithoutExtension(path) };
        return runs;
    }

    private static RunRecord Run(JsonElement json)
    {
        var run = new RunRecord(new RunDescription(json.GetProperty("name").GetString()!, json.GetProperty("command").GetString()!)
        {
            Settings = Pairs(json.GetProperty("settings")),
            Environment = Pairs(json.GetProperty("environment")),
        });
        string outcome = json.GetProperty("outcome").GetString()!;
        run.Restore(
            Enum.GetValues<RunOutcome>().First(value => ReportJson.Name(value) == outcome),
            JsonNumber.Read(json.GetProperty("seconds")),
            (int?)JsonNumber.Read(json.GetProperty("parameters")),
            json.GetProperty("weights_sha256").GetString(),
            json.GetProperty("initial_weights_sha256").GetString(),
            json.GetProperty("data_sha256").GetString(),
            [.. json.GetProperty("notes").EnumerateArray()
                .Select(note => new RunNote(note.GetProperty("round").GetInt32(), note.GetProperty("text").GetString()!))]);
        foreach (var table in json.GetProperty("tables").EnumerateArray()) AddTable(run, table);
        AddClients(run.Clients, json.GetProperty("clients"));
        return run;
    }

    private static void AddTable(RunRecord run, JsonElement table)
    {
        var id = new RunTableId(table.GetProperty("kind").GetString()!, table.GetProperty("split").GetString(), table.GetProperty("over_clients").GetBoolean());
        int[] rounds = [.. table.GetProperty("rounds").EnumerateArray().Select(round => round.GetInt32())];
        var columns = Columns(table, rounds.Length);
        for (int i = 0; i < rounds.Length; i++)
        {
            run.Add(id, rounds[i], from column in columns where column.Values[i] is not null select KeyValuePair.Create(column.Name, column.Values[i]!.Value));
        }
    }

    private static void AddClients(ClientTable clients, JsonElement json)
    {
        string[] ids = [.. json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
        foreach (var (name, values) in Columns(json, ids.Length))
        {
            for (int i = 0; i < ids.Length; i++)
            {
                if (values[i] is { } value) clients.Set(ids[i], name, value);
            }
        }
    }

    private static List<(string Name, double?[] Values)> Columns(JsonElement table, int length) =>
    [
        .. from column in table.GetProperty("columns").EnumerateObject()
           let values = column.Value.EnumerateArray().Select(JsonNumber.Read).ToArray()
           select values.Length == length
               ? (column.Name, values) : throw new FormatException($"the column '{column.Name}' has {values.Length} values, not {length}"),
    ];

    private static ImmutableArray<KeyValuePair<string, string>> Pairs(JsonElement json) =>
        [.. json.EnumerateObject().DistinctBy(pair => pair.Name).Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!))];
}
