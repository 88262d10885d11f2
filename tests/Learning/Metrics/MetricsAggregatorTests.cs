using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FedPure.TestData;
using FsCheck.Xunit;

namespace FedPure.Learning.Metrics;

public class MetricsAggregatorTests
{
    // The golden file's: num_examples, loss = x[0]/x[1], and the sum of all of three.
    private static readonly ImmutableArray<Metric> GoldenMetrics =
        [Metric.Sum("num_examples"), Metric.Mean("loss"), new Metric("custom_sum", MetricType.Float32, 3, sums => sums[0] + sums[1] + sums[2])];

    private static readonly ImmutableArray<Metric> Metrics =
        [Metric.Mean("accuracy"), Metric.Mean("loss"), Metric.Count("num_examples"), new ConfusionMatrix(2)];

    private static readonly JsonNode Golden = Repository.GoldenJson("algorithms/metrics.json");

    private static readonly IMetricsAggregator[] Aggregators =
    [
        new SumThenFinalize(),
        new FinalizeThenSample(3),
        new FinalizeThenSample(),
        new ClientQuantiles(),
        new MetricsByClient(),
        new MetricsWithDetail(
            new MetricsWithDetail(new SumThenFinalize(), "quantiles", new ClientQuantiles(0.25, 0.75)), "sample", new FinalizeThenSample(2, Seed: 5)),
    ];

    [Fact]
    public void SumsAreFinalizedAsInTensorFlowFederated()
    {
        var rounds = Golden["sum_then_finalize"]!["rounds"]!.AsArray();
        var results = Golden["sum_then_finalize"]!["results"]!.AsArray();
        for (int i = 0; i < rounds.Count; i++)
        {
            var report = Report(new SumThenFinalize(), rounds[i]!.AsArray());
            Assert.Equal(results[i]!.AsObject().Select(entry => entry.Key), report.Entries.Select(entry => entry.Key));
            foreach (var (name, value) in results[i]!.AsObject()) Assert.Equal((float)value!, (float)report[name], 1e-6f);
        }
    }

    [Theory]
    [InlineData("SumThenFinalizeFactory")]
    [InlineData("SumThenFinalizeFactory_initial_values")]
    public void TotalsOfAllRoundsAreTensorFlowFederateds(string name)
    {
        var golden = Golden[name]!;
        var totals = new SumThenFinalize().Begin(GoldenMetrics);
        if (golden["initial_unfinalized"] is { } initial) totals.Add("before", Flat(initial));
        foreach (var round in golden["rounds"]!.AsArray())
        {
            var current = new SumThenFinalize().Begin(GoldenMetrics);
            foreach (var client in round!["clients"]!.AsArray()) current.Add("c", Flat(client!));
            totals.Merge(current);
            foreach (var (metric, value) in round["current_round"]!.AsObject()) Assert.Equal((float)value!, (float)current.Report()[metric], 1e-6f);
            foreach (var (metric, value) in round["total_rounds"]!.AsObject()) Assert.Equal((float)value!, (float)totals.Report()[metric], 1e-6f);
        }
    }

    [Fact]
    public void SampledClientsAreTensorFlowFederatedsInSomeOrder()
    {
        var rounds = Golden["sum_then_finalize"]!["rounds"]!.AsArray();
        foreach (var (golden, round) in Golden["finalize_then_sample"]!["results"]!.AsArray().Zip(rounds))
        {
            var report = Report(new FinalizeThenSample(), round!.AsArray());
            Assert.Equal(Rows(golden!, name => Flat(golden![name]!)), Rows(golden!, name => [.. report.Array(name).Values]));
        }

        static IEnumerable<string> Rows(JsonNode golden, Func<string, double[]> column)
        {
            var columns = golden.AsObject().Select(entry => column(entry.Key)).ToArray();
            return Enumerable.Range(0, columns[0].Length).Select(i => string.Join(" ", columns.Select(values => $"{(float)values[i]:G6}"))).Order();
        }
    }

    [Property]
    public void ReportsDependOnNeitherOrderNorGrouping(int clientCount, int seed)
    {
        foreach (var aggregator in Aggregators)
        {
            var random = new System.Random(seed);
            var clients = Clients(random, Math.Abs(clientCount % 12));
            var straight = aggregator.Begin(Metrics);
            foreach (var (id, sums) in clients) straight.Add(id, sums);

            // Three workers take the clients in any order, (a + b) + c against a + (b + c); merging leaves what is merged as it is.
            random.Shuffle(clients);
            var workers = Enumerable.Range(0, 3).Select(_ => aggregator.Begin(Metrics)).ToArray();
            foreach (var (id, sums) in clients) workers[random.Next(3)].Add(id, sums);
            string before = workers[1].Report().ToString();
            IMetricsAggregation left = aggregator.Begin(Metrics), right = aggregator.Begin(Metrics), both = aggregator.Begin(Metrics);
            foreach (var worker in workers) left.Merge(worker);
            both.Merge(workers[2]);
            both.Merge(workers[1]);
            right.Merge(both);
            right.Merge(workers[0]);
            Assert.Equal(straight.Report().ToString(), left.Report().ToString());
            Assert.Equal(straight.Report().ToString(), right.Report().ToString());
            Assert.Equal(before, workers[1].Report().ToString());

            left.Clear();
            Assert.Equal(aggregator.Begin(Metrics).Report().ToString(), left.Report().ToString());
        }
    }

    [Fact]
    public void EachClientWithDataIsListedUnderItsId()
    {
        var aggregation = new MetricsByClient().Begin([Metric.Mean("loss"), Metric.Count("num_examples")]);
        aggregation.Add("b/1", [6, 4, 4]);
        aggregation.Add("nothing", [0, 0, 0]);
        aggregation.Add("a", [double.NaN, 1, 1]);
        aggregation.Add("B", [1, 2, 2]);
        Assert.Equal("{B: {loss: 0.5, num_examples: 2}, a: {loss: NaN, num_examples: 1}, b/1: {loss: 1.5, num_examples: 4}}", aggregation.Report().ToString());
    }

    [Property]
    public void ASampleIsAsLargeAsItCanBeAndOfClientsThatThereAre(byte clientCount, byte size, int seed)
    {
        var clients = Clients(new System.Random(seed), clientCount % 40);
        var aggregation = new FinalizeThenSample(size % 20 + 1, seed).Begin(Metrics);
        foreach (var (id, sums) in clients) aggregation.Add(id, sums);
        var losses = aggregation.Report().Array("loss").Values;
        Assert.Equal(Math.Min(clients.Length, size % 20 + 1), losses.Length);
        var left = clients.Select(client => (double)(float)(client.Sums[2] / client.Sums[3])).ToList();
        Assert.All(losses, loss => Assert.True(left.Remove(loss)));
    }

    [Fact]
    public void SamplesAreUniform()
    {
        // 600 samples of 3 of 10 clients: each client 180 times, with a standard deviation of √(600·0.3·0.7) = 11.2; five of them are allowed.
        var counts = new int[10];
        for (int seed = 0; seed < 600; seed++)
        {
            var aggregation = new FinalizeThenSample(3, seed).Begin([Metric.Count("n")]);
            for (int i = 0; i < 10; i++) aggregation.Add($"client {i}", [i]);
            foreach (double client in aggregation.Report().Array("n").Values) counts[(int)client]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 124, 236));
    }

    [Fact]
    public void QuantilesAreInterpolatedAndLeaveEmptyAndNaNClientsOut()
    {
        var aggregation = new ClientQuantiles(0, 0.25, 0.5, 0.975, 1).Begin(Metrics);
        foreach (double accuracy in new[] { 0.5, 0.1, 0.9, 0.8 }) aggregation.Add("c", [accuracy * 10, 10, 1, 10, 10, 1, 0, 0, 0]);
        aggregation.Add("empty", new double[9]);
        aggregation.Add("nan", [1, 2, double.NaN, 2, 2, 0, 0, 0, 0]);
        var report = aggregation.Report();

        // In order 0.1, 0.5, 0.8, 0.9: places 0, 0.75, 1.5, 2.925, 3.
        Assert.Equal("{min: 0.1, p25: 0.4, median: 0.65, p97.5: 0.8925, max: 0.9}", report.Tree("accuracy").ToString());
        Assert.Equal(4, report["num_clients"]);
        Assert.Equal(1, report["num_nan_clients"]);
        Assert.DoesNotContain("confusion_matrix", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DetailsFollowTheMainReportAndArraysKeepTheirShape()
    {
        var aggregation = new MetricsWithDetail(new SumThenFinalize(), "clients", new FinalizeThenSample(1)).Begin(Metrics);
        aggregation.Add("a", [1, 2, 3, 4, 2, 1, 0, 0, 1]);
        var report = aggregation.Report();
        Assert.Equal("[[1, 0], [0, 1]]", report.Array("confusion_matrix").ToString());
        Assert.Equal("[[[1, 0], [0, 1]]]", report.Array("clients/confusion_matrix").ToString());
        Assert.Equal(0.5, report["accuracy"]);
        Assert.Equal("clients", report.Entries[^1].Key);
        Assert.Throws<ArgumentException>(() => new MetricsWithDetail(new SumThenFinalize(), "loss", new ClientQuantiles()).Begin(Metrics));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FinalizeThenSample(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClientQuantiles(1.5));
    }

    private static MetricTree Report(IMetricsAggregator aggregator, JsonArray clients)
    {
        var aggregation = aggregator.Begin(GoldenMetrics);
        foreach (var client in clients) aggregation.Add("c", Flat(client!));
        return aggregation.Report();
    }

    private static (string Id, double[] Sums)[] Clients(System.Random random, int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        // Some ids come twice, as in the total of two rounds, and a few clients are alike in everything.
        int examples = random.Next(1, 4);
        return (
            $"client {random.Next(6)}",
            new double[] { random.Next(examples + 1), examples, random.Next(3) == 0 ? 1 : random.NextDouble(), examples, examples, 1, 0, 0, examples - 1 });
    })];

    private static double[] Flat(JsonNode node) => node switch
    {
        JsonObject members => [.. members.SelectMany(entry => Flat(entry.Value!))],
        JsonArray items => [.. items.SelectMany(item => Flat(item!))],
        _ => [(float)node],
    };
}
