using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.TestData;

namespace FedPure.Learning.Processes;

/// <summary>
/// The tutorial's run equals TensorFlow Federated 0.87.0's. Tolerances are for the other side's rounding: it sums losses and updates in float32, in the order of
/// the clients, where we round once. A float32 sum of n = 247 batch losses has a relative error up to 247·2^-24 = 1.5e-5, typically √247·2^-24 = 9e-7: 2e-6.
/// Weights stay below 1, and each of the 50 steps a client takes errs by about 2^-24 of them: √50·2^-24 = 4e-7, 2e-6 with room for the aggregation.
/// </summary>
public class TutorialGoldenTests
{
    private const double LossTolerance = 2e-6, WeightTolerance = 2e-6;

    private static readonly JsonNode Golden = Repository.GoldenJson("tutorial/tutorial.json");

    [Fact]
    public void SequentialModelEqualsTheKerasModel() => ElevenRoundsAreGolden(Tutorial.Softmax, "keras", "");

    [Fact]
    public void HandwrittenModelEqualsTheHandwrittenModel() => ElevenRoundsAreGolden(new HandwrittenModel(), "handwritten", "-handwritten");

    [Fact]
    public void AllClientsAreGolden()
    {
        var golden = Repository.GoldenJson("tutorial/all-clients.json");
        var process = Tutorial.Process(Tutorial.Softmax, threads: 2);
        var state = process.Initialize();
        var clients = Tutorial.TrainClients(100);
        for (int round = 1; round <= 5; round++)
        {
            (state, var metrics) = process.Next(state, clients);
            AssertGolden(golden["rounds"]![round - 1]!, metrics, $"round {round}");
        }

        AssertWeights("tutorial/weights-all-clients-round5.f32", state);
    }

    [Fact]
    public void LabelsOfTheFirstClientsComeInTfDataOrder()
    {
        for (int client = 0; client < 2; client++)
        {
            var data = Tutorial.TrainClients(2)[client];
            var reader = new BatchReader();
            reader.Begin(data);
            List<int> labels = [], sizes = [];
            while (reader.Read(out var batch))
            {
                labels.AddRange(batch.Labels);
                sizes.Add(batch.Rows);
            }

            var pipeline = Golden["pipeline"]!;
            Assert.Equal(Ints(pipeline[$"stream_labels_client{client}"]!), labels);
            Assert.Equal(Ints(pipeline[$"batch_sizes_client{client}"]!), sizes);
            Assert.Equal(Ints(pipeline[$"raw_labels_client{client}"]!), Enumerable.Range(0, data.Count).Select(data.Label));
        }
    }

    private static void ElevenRoundsAreGolden(IModel model, string name, string suffix)
    {
        var golden = Golden[name]!;
        var process = Tutorial.Process(model);
        var state = process.Initialize();
        var clients = Tutorial.TrainClients(10);
        for (int round = 1; round <= 11; round++)
        {
            (state, var metrics) = process.Next(state, clients);
            AssertGolden(golden["rounds"]![round - 1]!, metrics, $"{name} round {round}");
            if (round is 1 or 10) AssertWeights($"tutorial/weights-round{round}{suffix}.f32", state);
            if (round is 10 or 11) EvaluationIsGolden(model, golden["evaluation"]!, round, state);
        }
    }

    private static void EvaluationIsGolden(IModel model, JsonNode golden, int round, ServerState trained)
    {
        var evaluation = FederatedEvaluation.Build(model);
        var fresh = evaluation.SetModelWeights(evaluation.Initialize(), trained.GlobalModelWeights);
        var (train, trainMetrics) = evaluation.Next(fresh, Tutorial.TrainClients(10));
        AssertGolden(golden[$"round{round}_train"]!, trainMetrics, $"train, round {round}");
        AssertGolden(golden[$"round{round}_test"]!, evaluation.Next(fresh, Tutorial.TestClients(10)).Metrics, $"test, round {round}");
        var reused = golden[$"round{round}_train_then_test_reused_state"]!;
        AssertGolden(reused[0]!, trainMetrics, "first of a reused state");
        AssertGolden(reused[1]!, evaluation.Next(train, Tutorial.TestClients(10)).Metrics, "second of a reused state");
    }

    // Same names, order and nesting; losses within the tolerance; all else, integers and accuracies, to the last digit of its type.
    private static void AssertGolden(JsonNode golden, MetricTree metrics, string where)
    {
        var expected = golden.AsObject().Where(entry => entry.Key is not ("round" or "clients")).ToList();
        Assert.Equal(expected.Select(entry => entry.Key), metrics.Entries.Select(entry => entry.Key));
        foreach (var ((name, value), (_, node)) in expected.Zip(metrics.Entries))
        {
            string path = $"{where}: {name}";
            if (node is MetricTree tree) AssertGolden(value!, tree, path);
            else if (name == "loss") AssertClose((float)value!, ((MetricValue)node).Value, LossTolerance * (float)value!, path);
            else AssertClose((float)value!, ((MetricValue)node).Value, 0, path);
        }
    }

    private static void AssertWeights(string file, ServerState state)
    {
        var golden = Repository.GoldenFloats(file);
        var weights = state.GlobalModelWeights.ToCanonical();
        Assert.Equal(golden.Length, weights.Length);
        for (int i = 0; i < golden.Length; i++) AssertClose(golden[i], weights[i], WeightTolerance, $"{file}[{i}]");
    }

    private static void AssertClose(double expected, double actual, double tolerance, string where) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{where}: expected {expected:R}, got {actual:R}, {Math.Abs(expected - actual):E2} apart (at most {tolerance:E1}).");

    private static int[] Ints(JsonNode node) => [.. node.AsArray().Select(item => (int)item!)];
}
