using System.CommandLine;
using System.Globalization;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Reporting.Report;

namespace FedPure.Cli.Commands;

/// <summary>fedpure compare: runs beside each other, as lines and as one page.</summary>
internal static class CompareCommand
{
    // As much of a hash as tells any two runs apart.
    private const int HashShown = 12;

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Reports of fedpure train --report, or what fedpure train --json printed; at least two runs in all.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Setting<ReportPath?>("--out", "FILE", "The page that lays the runs over each other, .html.", ReportPath.Parse, "compare.html");
        var json = Flag.Json();
        var command = new Command(
            "compare", "Compares runs: their curves on one page, their last metrics, their weights' hashes, and the settings in which they differ.")
        { files, output, json };
        command.SetAction(result =>
        {
            var page = output.Read(result)!;
            string[] given = result.GetValue(files)!;
            if (given.Any(file => file.Length > 0 && Path.GetFullPath(file) == Path.GetFullPath(page.Path)))
                throw new UsageException($"{output.Name}: {page.Path} is one of the runs to compare, and the page would take its place; give another name.");
            var comparison = RunComparison.Read(given.Select(file => Checked(command, file)));
            if (comparison.Runs.Length < 2)
                throw new UsageException(
                    "fedpure compare takes at least two runs, such as fedpure compare a.html b.html; fedpure train --report FILE.html makes one.");
            page.CheckWritable();

            // From here on Ctrl-C waits until the page is whole, which takes a moment.
            interrupt.Await();
            page.Write(comparison.ToPage(GivenSettings.Command(result)));
            terminal.Print(json.IsSet(result) ? Json(comparison, page.Path) : Plain(comparison, page.Path));
        });
        return command;
    }

    private static string Checked(Command command, string file)
    {
        if (file.StartsWith('-')) throw SyntaxCheck.Unknown(command, file);
        if (Directory.Exists(file)) throw new IOException($"{file} is a folder; give the reports of runs, such as {Path.Combine(file, "run.html")}.");
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file {file}; give the report of a run, which fedpure train --report FILE.html makes.");
        return file;
    }

    private static string Plain(RunComparison comparison, string page)
    {
        var metrics = comparison.FinalMetrics;
        var headings = metrics.Select(metric => metric.Table.Split is { } split ? $"{split} {Short(metric.Name)}" : Short(metric.Name));
        List<string[]> rows = [["run", "outcome", "rounds", .. headings, "weights_sha256"]];
        for (int i = 0; i < comparison.Runs.Length; i++)
        {
            var run = comparison.Runs[i];
            rows.Add(
            [
                run.Description.Name, ReportJson.Name(run.Outcome), run.Rounds.ToString(CultureInfo.InvariantCulture),
                .. metrics.Select(metric => metric.Values[i]?.ToString("F4", CultureInfo.InvariantCulture) ?? "-"), run.WeightsSha256?[..HashShown] ?? "-",
            ]);
        }

        // Names and hashes to the left, numbers to the right.
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var lines = rows.Select(
            row => string.Join(
                "  ",
                row.Select((text, column) => column < 2 || column == row.Length - 1 ? text.PadRight(widths[column]) : text.PadLeft(widths[column]))).TrimEnd());
        return string.Join(Environment.NewLine, [.. lines, .. comparison.Runs.Where(run => run.Notes.Count > 0).Select(Notes), Verdict(comparison), page]);
    }

    // The first of what happened, and how much more there is on the page.
    private static string Notes(RunRecord run)
    {
        var first = run.Notes[0];
        string more = run.Notes.Count == 1
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" The page has {run.Notes.Count - 1:N0} more such {(run.Notes.Count == 2 ? "note" : "notes")}.");
        return $"{run.Description.Name}: {(first.Round > 0 ? $"round {first.Round}: " : "")}{first.Text}{more}";
    }

    private static string Verdict(RunComparison comparison)
    {
        string weights = comparison.HaveSameWeights ? "The weights are the same, bit for bit. " : "";
        if (comparison.Runs.Select(run => run.DataSha256).OfType<string>().Distinct().Count() > 1) weights += "The clients' data are not the same. ";
        if (comparison.Runs.Any(run => run.Description.Settings.IsEmpty)) return $"{weights}Settings are known of reports only.";
        return weights + comparison.Differences switch
        {
            [] => "The settings are the same.",
            [var first, .. var rest] =>
                $"They differ in {first.Setting}: {string.Join(" | ", first.Values.Select(value => value ?? "not given"))}"
                + (rest.IsEmpty ? "." : $"; and in {string.Join(", ", rest.Select(other => other.Setting))}."),
        };
    }

    private static string Json(RunComparison comparison, string page)
    {
        var runs = comparison.Runs.Select((run, i) => JsonLines.Object(json =>
        {
            json.WriteString("event", "run");
            json.WriteString("name", run.Description.Name);
            json.WriteString("outcome", ReportJson.Name(run.Outcome));
            json.WriteNumber("rounds", run.Rounds);
            json.WriteStartObject("metrics");
            foreach (var split in comparison.FinalMetrics.GroupBy(metric => metric.Table.Split ?? metric.Table.Kind))
            {
                json.WriteStartObject(split.Key);
                foreach (var metric in split)
                {
                    json.WritePropertyName(metric.Name);
                    JsonNumber.Write(json, metric.Values[i]);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteString("weights_sha256", run.WeightsSha256);
            ReportJson.WriteNotes(json, run);
        }));
        string summary = JsonLines.Object(json =>
        {
            json.WriteString("event", "comparison");
            json.WriteBoolean("same_weights", comparison.HaveSameWeights);
            json.WriteStartArray("differences");
            foreach (var difference in comparison.Differences)
            {
                json.WriteStartObject();
                json.WriteString("setting", difference.Setting);
                json.WriteStartArray("values");
                foreach (string? value in difference.Values) json.WriteStringValue(value);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("file", page);
        });
        return string.Join(Environment.NewLine, [.. runs, summary]);
    }

    private static string Short(string metric) => metric.EndsWith("accuracy", StringComparison.Ordinal) ? "accuracy" : metric;
}
