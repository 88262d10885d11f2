using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using FedPure.Cli.Support;
using FedPure.Reporting.Report;

namespace FedPure.Cli;

/// <summary>--report: the page shows what the run printed, and the run is the same with it and without.</summary>
public sealed class ReportTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    private string Page => _folder.File("run.html");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--aggregator", "robust")]
    [InlineData("--algorithm", "mimelite")]
    [InlineData("--algorithm", "ditto:lambda=0.1")]
    [InlineData("--algorithm", "scaffold")]
    [InlineData("--algorithm", "feddyn:alpha=0.1")]
    [InlineData("--algorithm", "fednova")]
    [InlineData("--algorithm", "qffl:q=1")]
    [InlineData("--algorithm", "fedsgd")]
    [InlineData("--algorithm", "fedprox:mu=0.1")]
    [InlineData("--algorithm", "fedbuff")]
    [InlineData("--algorithm", "fedasync")]
    public void Asking_for_single_clients_changes_neither_output_nor_weights(string option, string value)
    {
        string[] command = ["train", "--rounds", "3", "--clients", "sample:4", "--evaluate-every", "2", option, value, "--show-types", "--json"];
        var plain = App.Succeed(command).Events.Select(WithoutSeconds);
        var reported = App.Succeed([.. command, "--report", Page]).Events.Select(WithoutSeconds);
        Assert.Equal(plain, reported);
    }

    [Fact]
    public void The_page_has_what_the_run_printed_and_the_command_that_runs_it_again()
    {
        string[] command =
            ["train", "--rounds", "4", "--evaluate-every", "2", "--aggregator", "robust", "--compress", "qsgd:bits=4", "--report", Page, "--json"];
        var events = App.Succeed(command).Events;
        var run = Assert.Single(ReportFile.Read(Page));
        Assert.Equal("run", run.Description.Name);
        Assert.Equal($"fedpure {string.Join(' ', command)}", run.Description.Command);
        Assert.Equal(
            (RunOutcome.Finished, 4, 7850, events[^1].GetProperty("weights_sha256").GetString()), (run.Outcome, run.Rounds, run.Parameters, run.WeightsSha256));
        Assert.Contains(new("client-optimizer", "sgd:lr=0.02"), run.Description.Settings);
        Assert.DoesNotContain(run.Description.Settings, setting => setting.Key is "threads" or "report");
        Assert.Equal(["fedpure", "cpu", "os", "runtime", "vectors", "arithmetic"], run.Description.Environment.Select(fact => fact.Key));
        var rounds = events.Where(e => e.GetProperty("event").GetString() == "round").Select(e => e.GetProperty("metrics")).ToArray();
        foreach (string metric in (string[])["loss", "sparse_categorical_accuracy", "num_examples", "num_batches"])
            Assert.Equal(
                rounds.Select(e => e.GetProperty("client_work").GetProperty("train").GetProperty(metric).GetSingle()), Column(new(RunTableId.Train), metric));
        var losses = events.Where(e => e.GetProperty("event").GetString() == "evaluation" && e.GetProperty("split").GetString() == "test")
            .Select(
                e => e.GetProperty("metrics")
                    .GetProperty("client_work")
                    .GetProperty("eval")
                    .GetProperty("current_round_metrics")
                    .GetProperty("loss")
                    .GetSingle());
        Assert.Equal(losses, Column(new(RunTableId.Evaluation, "test"), "loss"));
        Assert.Equal(rounds.Select(e => Find(e, "bytes_up").Single()), Column(new(RunTableId.Round), "bytes_up"));
        Assert.Equal(
            rounds.Select(e => Find(e, "clipping_norm").Single()),
            Column(
                new(RunTableId.Aggregation),
                run.Table(new(RunTableId.Aggregation))!.Columns.Single(name => name.EndsWith("/clipping_norm", StringComparison.Ordinal))));
        Assert.Equal(6, Regex.Count(File.ReadAllText(Page), "\"svg\":"));

        IEnumerable<float> Column(RunTableId table, string name) => run.Table(table)!.Column(name)!.Select(value => (float)value!.Value);
    }

    [Fact]
    public void A_client_s_row_is_what_a_run_of_it_alone_measures()
    {
        string weights = _folder.File("model.f32"), alone = _folder.File("alone.html");
        App.Succeed("train", "--rounds", "1", "--clients", "first:4", "--save-weights", weights, "--report", Page);
        var clients = ReportFile.Read(Page)[0].Clients;
        Assert.Equal(4, clients.ClientIds.Count);
        foreach (string id in clients.ClientIds)
        {
            var trained = App.Succeed("train", "--rounds", "1", "--clients", $"ids:{id}", "--evaluate-on", "none", "--json").Events[0]
                .GetProperty("metrics")
                .GetProperty("client_work")
                .GetProperty("train");
            var evaluated = App.Succeed("evaluate", "--weights", weights, "--clients", $"ids:{id}", "--json").Events[0]
                .GetProperty("metrics")
                .GetProperty("client_work")
                .GetProperty("eval")
                .GetProperty("current_round_metrics");
            foreach (string metric in (string[])["loss", "sparse_categorical_accuracy"])
            {
                Assert.Equal(trained.GetProperty(metric).GetSingle(), (float)clients[id, $"train/{metric}"]!.Value);
                Assert.Equal(evaluated.GetProperty(metric).GetSingle(), (float)clients[id, $"evaluation/test/{metric}"]!.Value);
            }

            Assert.Equal(trained.GetProperty("num_examples").GetInt32(), 5 * clients[id, "examples"]);
        }
    }

    [Fact]
    public void An_evaluation_has_a_page_too()
    {
        string weights = _folder.File("model.f32");
        App.Succeed("train", "--rounds", "1", "--evaluate-on", "none", "--save-weights", weights);
        string[] command = ["evaluate", "--weights", weights, "--json"];
        var plain = App.Succeed(command).Events.Single();
        Assert.Equal(plain.GetRawText(), App.Succeed([.. command, "--report", Page]).Events.Single().GetRawText());
        var run = Assert.Single(ReportFile.Read(Page));
        var table = run.Table(new(RunTableId.Evaluation, "test"))!;
        Assert.Equal((RunOutcome.Finished, 0), (run.Outcome, Assert.Single(table.Rounds)));
        Assert.Equal(
            plain.GetProperty("metrics").GetProperty("client_work").GetProperty("eval").GetProperty("current_round_metrics").GetProperty("loss").GetSingle(),
            (float)table.Last("loss")!.Value);
        Assert.Equal(100, run.Clients.ClientIds.Count);
        double[] accuracies = [.. run.Clients.ClientIds.Select(id => run.Clients[id, "evaluation/test/sparse_categorical_accuracy"]!.Value).Order()];
        Assert.Equal(
            (accuracies[0], accuracies[^1]),
            (
                run.Table(new(RunTableId.Evaluation, "test", OverClients: true))!.Last("sparse_categorical_accuracy/min"),
                run.Table(new(RunTableId.Evaluation, "test", OverClients: true))!.Last("sparse_categorical_accuracy/max")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(weights))), run.WeightsSha256);
    }

    [Fact]
    public void A_command_line_that_needs_quotes_has_them()
    {
        string weights = _folder.File("model.f32"), other = _folder.File("other.html");
        App.Succeed("train", "--rounds", "1", "--evaluate-on", "none", "--save-weights", weights, "--report", other);
        string[] names = ["it's a $(run).html", "\"`id` $HOME\".html", "~!*?[a]{b,c};&|<>#\\\\.html", "two\nlines\tand a tab.html", "\u202e👩‍👩‍👧 é\u2028.html", "-dash.html", "@at.html", "a=b%.html"];
        foreach (string page in names.Select(_folder.File))
        {
            string[][] commands =
            [
                ["train", "--rounds", "1", "--evaluate-on", "none", "--report", page],
                ["evaluate", "--weights", weights, "--clients", "first:2", "--report", page],
                ["explore", "--report", page],
                ["compare", other, other, "--out", page],
            ];
            foreach (string[] command in commands)
            {
                App.Succeed(command);
                string told = CommandOf(page);
                File.Delete(page);

                // A shell gives the program the same arguments.
                using var shell = Process.Start(
                    new ProcessStartInfo("sh", ["-c", $"fedpure() {{ printf '%s\\0' \"$@\"; }}; {told}"]) { RedirectStandardOutput = true })!;
                Assert.Equal(command, shell.StandardOutput.ReadToEnd().Split('\0')[..^1]);
            }
        }
    }

    // The command on the page itself: that of its only run, or its own.
    private static string CommandOf(string page)
    {
        string html = File.ReadAllText(page);
        int start = html.IndexOf("{\"format\":", StringComparison.Ordinal);
        using var data = JsonDocument.Parse(html[start..html.IndexOf('<', start)]);
        return data.RootElement.GetProperty("description").GetProperty("command").GetString()!;
    }

    [Fact]
    public void Ctrl_C_leaves_a_page_of_the_rounds_that_ended()
    {
        using var process = StartLongRun();
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal(130, process.ExitCode);
        var run = Assert.Single(ReportFile.Read(Page));
        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.InRange(run.Rounds, 1, 999_999);
        Assert.Contains($"{run.Rounds} rounds that ended", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(64, run.WeightsSha256!.Length);
    }

    [Fact]
    public void A_killed_run_leaves_no_half_page()
    {
        File.WriteAllText(Page, "older");
        using var process = StartLongRun();
        process.Kill();
        process.WaitForExit();
        Assert.Equal([Page], Directory.GetFiles(_folder.Path));
        Assert.Equal("older", File.ReadAllText(Page));
    }

    [Fact]
    public void A_place_where_no_page_can_be_written_is_found_before_training()
    {
        App.Fail(2, ["--report", "'page.pdf'", ".html"], "train", "--report", "page.pdf");
        App.Fail(2, ["--report", "'.html'", "run.html"], "train", "--report", ".html");
        App.Fail(1, ["--report", "no folder"], "train", "--report", _folder.File("none/page.html"));
        App.Fail(1, ["--report", "cannot be written"], "train", "--report", _folder.File($"{new string('x', 245)}.html"));
        Directory.CreateDirectory(Page + ".partial");
        App.Fail(1, ["--report", "cannot be written"], "train", "--report", Page);
        Directory.Delete(Page + ".partial");
        Directory.CreateDirectory(Page);
        App.Fail(1, ["--report", "is a folder"], "train", "--report", Page);
    }

    private static string WithoutSeconds(JsonElement e) =>
        string.Join('\n', e.EnumerateObject().Where(member => member.Name != "seconds").Select(member => member.ToString()));

    private static IEnumerable<float> Find(JsonElement json, string name) => json.ValueKind != JsonValueKind.Object ? []
        : json.EnumerateObject().SelectMany(member => member.Name == name ? [member.Value.GetSingle()] : Find(member.Value, name));

    private Process StartLongRun()
    {
        var process = App.Start([], "train", "--rounds", "1000000", "--evaluate-on", "none", "--report", Page);
        Assert.StartsWith("round", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }
}
