using System.Text.RegularExpressions;
using FedPure.Cli.Support;
using FedPure.Reporting.Report;

namespace FedPure.Cli;

public sealed class CompareTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Page => _folder.File("all.html");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_reports_and_what_a_run_printed_are_laid_over_each_other()
    {
        string first = _folder.File("first.html"), second = _folder.File("second.html"), printed = _folder.File("printed.jsonl");
        string[] command = ["train", "--rounds", "3", "--evaluate-every", "1", "--show-types", "--json"];
        File.WriteAllText(printed, App.Succeed([.. command, "--report", first]).Output);
        var events = App.Succeed([.. command, "--client-optimizer", "sgd:lr=0.1", "--report", second]).Events;
        var run = App.Succeed("compare", first, second, printed, "--out", Page, "--json");
        Assert.Equal(["run", "run", "run", "comparison"], run.Events.Select(e => e.GetProperty("event").GetString()));
        Assert.Equal(["first", "second", "printed"], run.Events[..3].Select(e => e.GetProperty("name").GetString()));
        Assert.Equal(events[^1].GetProperty("weights_sha256").GetString(), run.Events[1].GetProperty("weights_sha256").GetString());

        // The last evaluation that the run printed.
        var evaluation = events.Last(e => e.GetProperty("event").GetString() == "evaluation" && e.GetProperty("split").GetString() == "test");
        var metrics = run.Events[1].GetProperty("metrics").GetProperty("test");
        foreach (string metric in (string[])["loss", "sparse_categorical_accuracy"])
            Assert.Equal(
                evaluation.GetProperty("metrics")
                    .GetProperty("client_work")
                    .GetProperty("eval")
                    .GetProperty("current_round_metrics")
                    .GetProperty(metric)
                    .GetSingle(),
                metrics.GetProperty(metric).GetSingle());

        // The report and what was printed are of one run.
        foreach (string member in (string[])["outcome", "rounds", "metrics", "weights_sha256"])
            Assert.Equal(run.Events[0].GetProperty(member).GetRawText(), run.Events[2].GetProperty(member).GetRawText());
        var difference = Assert.Single(run.Events[3].GetProperty("differences").EnumerateArray());
        Assert.Equal("client-optimizer", difference.GetProperty("setting").GetString());
        Assert.Equal(["sgd:lr=0.02", "sgd:lr=0.1", null], difference.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        Assert.False(run.Events[3].GetProperty("same_weights").GetBoolean());

        var runs = ReportFile.Read(Page);
        Assert.Equal(["first", "second", "printed"], runs.Select(read => read.Description.Name));
        RunTableId test = new(RunTableId.Evaluation, "test");
        Assert.Equal(runs[0].Table(test)!.Column("loss"), runs[2].Table(test)!.Column("loss"));

        // A comparison can be compared in turn.
        Assert.Equal(
            4,
            App.Succeed("compare", Page, second, "--out", _folder.File("again.html")).Lines.Count(line => line.Contains("finished", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_lines_say_what_differs_first_and_whether_the_weights_are_the_same()
    {
        string one = _folder.File("one.html"), two = _folder.File("two.html"), other = _folder.File("other.html");
        App.Succeed("train", "--rounds", "2", "--evaluate-on", "none", "--threads", "1", "--report", one);
        App.Succeed("train", "--rounds", "2", "--evaluate-on", "none", "--threads", "2", "--report", two);
        App.Succeed("train", "--rounds", "2", "--evaluate-on", "none", "--epochs", "1", "--seed", "5", "--report", other);
        var same = App.Succeed("compare", one, two, "--out", Page).Lines;
        Assert.Matches(@"^run\s+outcome\s+rounds\s+accuracy\s+loss\s+weights_sha256$", same[0]);
        Assert.Matches(@"^one\s+finished\s+2\s+0\.\d{4}\s+\d\.\d{4}\s+[0-9a-f]{12}$", same[1]);
        Assert.Equal(["The weights are the same, bit for bit. The settings are the same.", Page], same[3..]);
        Assert.Equal("They differ in seed: 0 | 5; and in epochs.", App.Succeed("compare", one, other, "--out", Page).Lines[3]);
    }

    [Fact]
    public void What_happened_in_a_run_is_told()
    {
        string bad = _folder.File("bad.html"), good = _folder.File("good.html"), printed = _folder.File("printed.jsonl");
        string[] command = ["train", "--rounds", "3", "--evaluate-on", "none", "--json"];

        // With warnings.
        File.WriteAllText(printed, App.Run([.. command, "--client-optimizer", "sgd:lr=1e37", "--report", bad]).Output);
        App.Succeed([.. command, "--report", good]);
        var lines = App.Succeed("compare", bad, good, printed, "--out", Page).Lines;
        Assert.Equal("bad: round 1: 10 clients were left out: their updates were not finite. The page has 5 more such notes.", lines[4]);
        Assert.Equal("printed: round 1: The server refused an update of the model: not finite, or of no client. The page has 2 more such notes.", lines[5]);

        // No client's example was counted, so that there is no loss.
        Assert.Matches(@"^bad\s+finished\s+3\s+NaN\s+NaN\s", lines[1]);
        var events = App.Succeed("compare", bad, good, printed, "--out", Page, "--json").Events;
        Assert.Equal([6, 0, 3], events[..3].Select(e => e.GetProperty("notes").GetArrayLength()));
        Assert.Equal(
            "The model was left unchanged, because the clients' weights come to 0.", events[0].GetProperty("notes")[5].GetProperty("text").GetString());
        Assert.Equal(3, events[0].GetProperty("notes")[5].GetProperty("round").GetInt32());
        Assert.Equal([6, 0, 3], ReportFile.Read(Page).Select(run => run.Notes.Count));
    }

    [Fact]
    public void Runs_of_one_name_are_told_apart_by_their_folders_or_by_numbers()
    {
        string Folder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;
        string first = Path.Combine(Folder("a"), "run.html"), second = Path.Combine(Folder("b"), "run.html"), third = Path.Combine(Folder("b"), "run (2).html");
        App.Succeed("train", "--rounds", "1", "--evaluate-on", "none", "--report", first);
        File.Copy(first, second);
        File.Copy(first, third);
        Assert.Equal(["a/run", "b/run", "run (2)"], Names(first, second, third));
        Assert.Equal(["run", "run (2)", "run (2) (2)", "run (3)"], Names(second, third, third, second));
        Assert.Equal(["a/run", "b/run", "b/run (2)"], Names(first, second, second));

        string[] Names(params string[] files) =>
            [.. App.Succeed(["compare", .. files, "--out", Page, "--json"]).Events[..^1].Select(e => e.GetProperty("name").GetString()!)];
    }

    [Fact]
    public void The_page_takes_no_run_s_place()
    {
        string one = _folder.File("one.html"), two = _folder.File("two.html");
        App.Succeed("train", "--rounds", "1", "--evaluate-on", "none", "--report", one);
        File.Copy(one, two);
        byte[] before = File.ReadAllBytes(one);
        App.Fail(2, ["--out", "one.html", "another name"], "compare", one, two, "--out", Path.Combine(_folder.Path, ".", "one.html"));
        Assert.Equal(before, File.ReadAllBytes(one));
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        string run = _folder.File("run.html"), data = _folder.File("data.html"), page = _folder.File("page.html"), text = _folder.File("text.jsonl"),
            cut = _folder.File("cut.html");
        App.Succeed("train", "--rounds", "1", "--report", run);
        App.Succeed("explore", "--report", data);
        File.WriteAllText(page, "<!doctype html><title>Other</title>");
        File.WriteAllText(text, "{\"event\":\"explore\"}\n");
        string whole = File.ReadAllText(run);
        File.WriteAllText(cut, whole[..whole.IndexOf("\"tables\"", StringComparison.Ordinal)]);
        App.Fail(1, [data, "without a run"], "compare", run, data, "--out", Page);
        App.Fail(1, [page, "no report of a run", "--report FILE.html"], "compare", run, page, "--out", Page);
        App.Fail(1, [text, "no round"], "compare", run, text, "--out", Page);
        App.Fail(1, [cut, "damaged"], "compare", run, cut, "--out", Page);
        string shortHash = _folder.File("short.jsonl");
        File.WriteAllText(
            shortHash,
            string.Join(
                '\n',
                App.Succeed("train", "--rounds", "1", "--json").Lines.Select(
                    line => Regex.Replace(line, "(\"weights_sha256\":\"[0-9a-f]{5})[0-9a-f]+", "$1"))));
        App.Fail(1, [shortHash, "damaged"], "compare", run, shortHash, "--out", Page);
        App.Fail(1, ["no file", "--report"], "compare", run, _folder.File("none.html"), "--out", Page);
        App.Fail(1, ["is a folder"], "compare", run, _folder.Path, "--out", Page);
        App.Fail(2, ["at least two runs"], "compare", run);
        App.Fail(2, ["at least two runs"], "compare");
        App.Fail(2, ["no option --jsn", "--json"], "compare", run, run, "--jsn");
        App.Fail(2, ["--out", ".html"], "compare", run, run, "--out", "page.pdf");
        Assert.False(File.Exists(Page));
        File.WriteAllText(page, whole.Replace("fedpure-report/1", "fedpure-report/2", StringComparison.Ordinal));
        App.Fail(1, [page, "fedpure-report/2", "fedpure-report/1"], "compare", run, page, "--out", Page);
    }
}
