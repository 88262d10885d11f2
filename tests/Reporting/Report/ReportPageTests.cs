using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.Report;

public sealed partial class ReportPageTests : IDisposable
{
    private static readonly RunRecord Tiny = Pages.Train();

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-report").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_data_are_read_back_as_they_were_recorded()
    {
        string path = Path.Combine(_folder, "tiny.html");
        new ReportPage(Tiny.Description) { Runs = [Tiny] }.Write(path);
        Assert.Equal([path], Directory.GetFiles(_folder));
        var read = Assert.Single(ReportFile.Read(path));
        Assert.Equal(
            (Tiny.Outcome, Tiny.Seconds, Tiny.Parameters, Tiny.DataSha256, Tiny.InitialWeightsSha256, Tiny.WeightsSha256, Tiny.Rounds), (
                read.Outcome, read.Seconds, read.Parameters, read.DataSha256, read.InitialWeightsSha256, read.WeightsSha256, read.Rounds));
        Assert.Equal(Tiny.Description.Settings.Concat(Tiny.Description.Environment), read.Description.Settings.Concat(read.Description.Environment));
        Assert.Equal((Tiny.Description.Name, Tiny.Description.Command), (read.Description.Name, read.Description.Command));
        Assert.Equal(Tiny.Notes, read.Notes);
        Assert.Equal(Tiny.Tables.Select(table => table.Id), read.Tables.Select(table => table.Id));
        foreach (var (was, now) in Tiny.Tables.Zip(read.Tables).Where(pair => pair.First.Id.Kind != RunTableId.Round))
        {
            Assert.Equal(was.Rounds, now.Rounds);
            Assert.Equal(was.Columns, now.Columns);
            foreach (string column in was.Columns) Assert.Equal(was.Column(column), now.Column(column));
        }

        Assert.Equal(Tiny.Clients.ClientIds, read.Clients.ClientIds);
        foreach (string id in Tiny.Clients.ClientIds)
        {
            foreach (string column in Tiny.Clients.Columns.Where(column => column != "divergence"))
                Assert.Equal(Tiny.Clients[id, column], read.Clients[id, column]);
        }
    }

    [Fact]
    public void What_is_shown_of_a_run_are_its_rounds_and_clients()
    {
        var train = Tiny.Table(new(RunTableId.Train))!;
        Assert.Equal([1, 2, 3, 4], train.Rounds);
        Assert.Contains("loss", train.Columns);
        Assert.DoesNotContain(train.Columns, column => column.Contains("client", StringComparison.Ordinal));

        // 15 parameters of 4 bytes, three clients.
        var round = Tiny.Table(new(RunTableId.Round))!;
        Assert.Equal([180d, 180, 180, 180], round.Column("bytes_up")!.Select(value => value!.Value));
        Assert.Equal([180d, 180, 180, 180], round.Column("bytes_down")!.Select(value => value!.Value));
        Assert.Equal(3, round.Last("clients"));

        // The quantiles of the last round are those of the clients' last values.
        foreach (
            var (table, of) in new[] { (new RunTableId(RunTableId.Train, OverClients: true), "train"), (new RunTableId(RunTableId.Evaluation, "test", OverClients: true), "evaluation/test") })
        {
            double[] losses = [.. Tiny.Clients.ClientIds.Select(id => Tiny.Clients[id, $"{of}/loss"]!.Value).Order()];
            Assert.Equal(losses, new[] { "min", "median", "max" }.Select(level => Tiny.Table(table)!.Last($"loss/{level}")!.Value));
        }

        Assert.Equal([10d, 11, 12], Tiny.Clients.ClientIds.Select(id => Tiny.Clients[id, "examples"]!.Value));
        Assert.All(Tiny.Clients.ClientIds, id => Assert.Equal((4, 4), (Tiny.Clients[id, "selected"], Tiny.Clients[id, "last_round"])));
        Assert.Equal((null, 1), (Tiny.Clients["a", "left_out"], Tiny.Clients["b", "left_out"]));
        Assert.Equal(
            [new(4, "Client b was left out: its update was not finite."), new(4, "The model was left unchanged, because it was asked to.")], Tiny.Notes);
    }

    [Fact]
    public void The_detail_of_clients_leaves_no_trace_in_metrics_without_it()
    {
        var sums = ClientDetails.Aggregator.Begin([Learning.Metrics.Metric.Mean("loss")]);
        sums.Add(Pages.Hostile, [3, 2]);
        Assert.Equal("{loss: 1.5}", ClientDetails.Without(sums.Report()).ToString());
    }

    [Fact]
    public void A_client_without_a_number_is_told_and_a_mean_over_no_examples_is_none()
    {
        var run = new RunRecord(new RunDescription("odd"));
        Learning.Metrics.Metric[] metrics = [Learning.Metrics.Metric.Mean("loss"), Learning.Metrics.Metric.Count("num_examples")];
        Evaluate(0, ("a", [double.NaN, 2, 2]), ("b", [3, 2, 2]), ("c", [double.NaN, 1, 1]));
        Evaluate(3, ("a", [4, 2, 2]));
        Evaluate(4, ("a", [double.NaN, 2, 2]), ("b", [3, 2, 2]));
        Evaluate(5);
        Assert.Equal(
            [new(0, "2 clients' metrics on test are NaN, and the quantiles are those of the others."), new(4, "A client's metrics on test are NaN, and the quantiles are those of the others.")],
            run.Notes);
        RunTableId id = new(RunTableId.Evaluation, "test");
        Assert.Equal([double.NaN, 2, double.NaN, double.NaN], run.Table(id)!.Column("loss")!.Select(value => value!.Value));
        Assert.Equal([5d, 2, 4, 0], run.Table(id)!.Column("num_examples")!.Select(value => value!.Value));
        Assert.Equal([1.5, 2, 1.5], run.Table(id with { OverClients = true })!.Column("loss/median")!.Select(value => value!.Value));

        void Evaluate(int round, params ReadOnlySpan<(string Id, double[] Accumulators)> clients)
        {
            var sums = ClientDetails.Aggregator.Begin([.. metrics]);
            foreach (var (client, accumulators) in clients) sums.Add(client, accumulators);
            run.Evaluation(
                round, "test",
                new Learning.Metrics.MetricTree(
                    ("client_work", new Learning.Metrics.MetricTree(("eval", new Learning.Metrics.MetricTree(("current_round_metrics", sums.Report())))))));
        }
    }

    [Fact]
    public void No_name_is_markup()
    {
        var survey = DataSurvey.Of(Pages.Clients([Pages.Hostile, "b"]), 3);
        string html = new ReportPage(
            new RunDescription(Pages.Hostile, Pages.Hostile) { Settings = [new(Pages.Hostile, Pages.Hostile)] })
        { Runs = [Tiny], Survey = survey }.ToHtml();
        var data = Pages.Data(html);
        Assert.Equal(Pages.Hostile, data.GetProperty("description").GetProperty("name").GetString());
        Assert.Equal(Pages.Hostile, data.GetProperty("runs")[0].GetProperty("clients").GetProperty("ids")[0].GetString());
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(html, "</script", RegexOptions.IgnoreCase));
        Assert.DoesNotContain('<', data.GetRawText());
    }

    [Fact]
    public void The_page_needs_nothing_else_and_its_policy_allows_its_own_scripts_alone()
    {
        string html = new ReportPage(Tiny.Description) { Runs = [Tiny] }.ToHtml();
        string policy = Policy().Match(html).Groups[1].Value;
        var scripts = Scripts().Matches(html).Select(
            match => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups[1].Value)))}'").ToArray();
        Assert.Equal(2, scripts.Length);
        Assert.Equal($"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {string.Join(' ', scripts)}", policy);
        Assert.Contains("The MIT License (MIT)\n\nCopyright (c) 2022 Leon Sorokin", html, StringComparison.Ordinal);
        Assert.Empty(Loads().Matches(html));
    }

    [Fact]
    public void A_thousand_rounds_and_a_thousand_clients_take_less_than_five_megabytes()
    {
        var run = Pages.Large(1000, 1000);
        var survey = DataSurvey.Of(Pages.Clients([.. run.Clients.ClientIds]), 3);
        int size = Encoding.UTF8.GetByteCount(new ReportPage(run.Description) { Runs = [run], Survey = survey }.ToHtml());
        Assert.InRange(size, 200_000, 5_000_000);
    }

    [Fact]
    public void Values_that_JSON_does_not_know_are_kept()
    {
        var run = new RunRecord(new RunDescription("odd"));
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1f, 0.1, 1e300, 123456789012, -0.0];
        run.Add(new(RunTableId.Train), 1, values.Select((value, i) => KeyValuePair.Create($"x{i}", value)));
        run.Add(new(RunTableId.Train), 2, [new("x0", 1)]);
        string path = Path.Combine(_folder, "odd.html");
        new ReportPage(run.Description) { Runs = [run] }.Write(path);
        var table = ReportFile.Read(path)[0].Table(new(RunTableId.Train))!;

        // A double whose short form is a float32's is read as that float32, since most numbers are measured in it.
        double[] expected = [.. values.Select(value => value == 0.1 ? 0.1f : value)];
        Assert.Equal(expected, table.Columns.Select(column => table.Column(column)![0]!.Value));
        Assert.Equal((1, null), (table.Column("x0")![1], table.Column("x1")![1]));
    }

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"([^\"]+)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("(src|href)\\s*=\\s*[\"'](?!#|data:)|url\\(|@import|import\\(|fetch\\(|XMLHttpRequest|WebSocket", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();
}
