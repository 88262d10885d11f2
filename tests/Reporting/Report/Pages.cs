using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Reporting.Exploration;

namespace FedPure.Reporting.Report;

/// <summary>Pages to look at, of small runs.</summary>
internal static class Pages
{
    /// <summary>A name that would run a script wherever it were taken for markup, and end a script element or a comment.</summary>
    public const string Hostile = "</script><img src=x onerror=\"globalThis.injected=1\"><!-- {{data}} 'é\u2028";

    private const string Start = "<script type=\"application/json\" id=\"fedpure-report\">", End = "</script>";

    /// <summary>The data of a page, by what every browser takes for the element's end.</summary>
    public static JsonElement Data(string html)
    {
        int start = html.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return JsonDocument.Parse(html[start..html.IndexOf(End, start, StringComparison.Ordinal)]).RootElement;
    }

    /// <summary>Four rounds of three clients, one with a hostile name, each evaluated; the last round leaves a client out.</summary>
    public static RunRecord Train(string name = "tiny", float learningRate = 0.1f)
    {
        var data = Clients([Hostile, "a", "b"]);
        var model = new Sequential(4).Dense(3).SoftmaxCrossEntropy();
        var process = FederatedAveraging.BuildWeighted(model, new Sgd(learningRate), metricsAggregator: ClientDetails.Aggregator);
        var evaluation = FederatedEvaluation.Build(model, ClientDetails.Aggregator);
        var record = new RunRecord(new RunDescription(name, $"fedpure train --client-optimizer 'sgd:lr={learningRate}'")
        {
            Settings = [new("rounds", "4"), new("client-optimizer", $"sgd:lr={learningRate}")],
            Environment = [new("fedpure", "0.1.0")],
        });
        var state = process.Initialize();
        record.Survey(DataSurvey.Of(data, 3));
        record.Begin(process.GetModelWeights(state));
        var pipeline = InputPipeline.Examples.Repeat(2).Batch(5);
        foreach (
            var round in new TrainingLoop(
                process, _ => [.. data.ClientIds.Select(id => data.GetClient(id).Preprocess(pipeline))])
            { TotalRounds = 4 }.Rounds(state))
        {
            record.Round(round.Round < 4 ? round : round with { Result = round.Result with { NonFiniteClients = ["b"], Problem = "it was asked to" } });
            var given = evaluation.SetModelWeights(evaluation.Initialize(), process.GetModelWeights(round.State));
            record.Evaluation(
                round.Round, "test",
                evaluation.Next(given, [.. data.ClientIds.Select(id => data.GetClient(id).Preprocess(InputPipeline.Examples.Batch(5)))]).Metrics);
        }

        record.End(RunOutcome.Finished, TimeSpan.FromSeconds(1.5));
        return record;
    }

    /// <summary>The metrics of an evaluation of some model on three clients.</summary>
    public static MetricTree Evaluate()
    {
        var data = Clients([Hostile, "a", "b"]);
        var evaluation = FederatedEvaluation.Build(new Sequential(4, seed: 3).Dense(3).SoftmaxCrossEntropy(), ClientDetails.Aggregator);
        return evaluation.Next(
            evaluation.Initialize(), [.. data.ClientIds.Select(id => data.GetClient(id).Preprocess(InputPipeline.Examples.Batch(5)))]).Metrics;
    }

    /// <summary>Clients of 10, 11, ... examples of 2×2 pixels and three classes.</summary>
    public static IFederatedDataset Clients(ImmutableArray<string> ids)
    {
        var rows = new List<KeyValuePair<string, RowSet>>();
        int next = 0;
        foreach (string id in ids)
        {
            rows.Add(new(id, new RowSet(next, 10 + rows.Count)));
            next += 10 + rows.Count - 1;
        }

        float[] features = [.. Enumerable.Range(0, 4 * next).Select(i => i * 37 % 101 / 100f)];
        return new FederatedDataset(new ExampleTable(features, Enumerable.Range(0, next).Select(i => (i % 7) * (i % 7) % 5 % 3).ToArray(), [2, 2]), rows);
    }

    /// <summary>A run of as many rounds and clients, of which a tenth train in each round: numbers of a usual length.</summary>
    public static RunRecord Large(int rounds, int clients)
    {
        var record = new RunRecord(new RunDescription("large", "fedpure train"));
        record.Survey(DataSurvey.Of(Clients([.. Enumerable.Range(0, clients).Select(i => $"client_{i:D5}_of_a_usual_length")]), 3));
        ImmutableArray<string> ids = [.. record.Clients.ClientIds];
        var metrics = new[] { Metric.Mean("loss"), Metric.Mean("sparse_categorical_accuracy"), Metric.Count("num_examples") };
        var process = FederatedAveraging.BuildWeighted(new Sequential(4).Dense(3).SoftmaxCrossEntropy(), new Sgd(0.1f));
        var state = process.Initialize();
        record.Begin(process.GetModelWeights(state));
        for (int round = 1; round <= rounds; round++)
        {
            ImmutableArray<string> cohort = [.. ids.Where((_, i) => i % 10 == round % 10)];
            var sums = ClientDetails.Aggregator.Begin([.. metrics]);
            for (int i = 0; i < cohort.Length; i++) sums.Add(cohort[i], [Wave(round, i) * 50, 50, Math.Floor(40 * Wave(i, round)), 50, 50]);
            var report = sums.Report();
            var result = new RoundResult(state, new MetricTree(
                ("distributor", MetricTree.Empty),
                ("client_work", new MetricTree(("train", report))),
                (
                    "aggregator",
                    new MetricTree(
                        ("clipping_norm", new MetricValue(MetricType.Float32, Wave(round, 1))),
                        ("clipped_count", new MetricValue(MetricType.Int32, round % 7)))),
                ("finalizer", new MetricTree(("update_non_finite", new MetricValue(MetricType.Int32, 0))))));
            record.Round(new TrainingRound(round, cohort, TimeSpan.FromMilliseconds(5 + Wave(round, 3)), result, null, null));
            foreach (string split in (string[])["train", "test"])
                record.Evaluation(round, split, new MetricTree(("client_work", new MetricTree(("eval", new MetricTree(("current_round_metrics", report)))))));
        }

        record.End(RunOutcome.Finished, TimeSpan.FromMinutes(3));
        return record;
    }

    // In (0, 2), with as many digits as a measured number has.
    private static double Wave(int x, int y) => (1 + Math.Sin(0.37 * x + 1.91 * y)) * (0.2 + 0.8 / (1 + 0.01 * x)) + 1e-3;
}
