using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;
using FedPure.TestData;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// The tutorial's run equals TensorFlow Federated 0.87.0's. Tolerances are for the other side's rounding: it sums losses and updates in float32, in the order
/// of the clients, where we round once. A float32 sum of n = 247 batch losses has a relative error up to 247·2^-24 = 1.5e-5, typically √247·2^-24 = 9e-7: 2e-6.
/// Weights stay below 1, and each of the 50 steps a client takes errs by about 2^-24 of them: √50·2^-24 = 4e-7, 2e-6 with room for the aggregation.
/// </summary>
public class TutorialGoldenTests
{
    private const double LossTolerance = 2e-6, WeightTolerance = 2e-6;

    private static readonly JsonNode Recorded = Repository.GoldenJson("tutorial/tutorial.json");

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
            Golden.AssertMetrics(golden["rounds"]![round - 1]!, metrics, LossTolerance, $"round {round}");
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

            var pipeline = Recorded["pipeline"]!;
            Assert.Equal(Ints(pipeline[$"stream_labels_client{client}"]!), labels);
            Assert.Equal(Ints(pipeline[$"batch_sizes_client{client}"]!), sizes);
            Assert.Equal(Ints(pipeline[$"raw_labels_client{client}"]!), Enumerable.Range(0, data.Count).Select(data.Label));
        }
    }

    private static void ElevenRoundsAreGolden(IModel model, string name, string suffix)
    {
        var golden = Recorded[name]!;
        var process = Tutorial.Process(model);
        var state = process.Initialize();
        var clients = Tutorial.TrainClients(10);
        for (int round = 1; round <= 11; round++)
        {
            (state, var metrics) = process.Next(state, clients);
            Golden.AssertMetrics(golden["rounds"]![round - 1]!, metrics, LossTolerance, $"{name} round {round}");
            if (round is 1 or 10) AssertWeights($"tutorial/weights-round{round}{suffix}.f32", state);
            if (round is 10 or 11) EvaluationIsGolden(model, golden["evaluation"]!, round, state);
        }
    }

    private static void EvaluationIsGolden(IModel model, JsonNode golden, int round, ServerState trained)
    {
        var evaluation = FederatedEvaluation.Build(model);
        var fresh = evaluation.SetModelWeights(evaluation.Initialize(), trained.GlobalModelWeights);
        var (train, trainMetrics) = evaluation.Next(fresh, Tutorial.TrainClients(10));
        Golden.AssertMetrics(golden[$"round{round}_train"]!, trainMetrics, LossTolerance, $"train, round {round}");
        Golden.AssertMetrics(golden[$"round{round}_test"]!, evaluation.Next(fresh, Tutorial.TestClients(10)).Metrics, LossTolerance, $"test, round {round}");
        var reused = golden[$"round{round}_train_then_test_reused_state"]!;
        Golden.AssertMetrics(reused[0]!, trainMetrics, LossTolerance, "first of a reused state");
        Golden.AssertMetrics(reused[1]!, evaluation.Next(train, Tutorial.TestClients(10)).Metrics, LossTolerance, "second of a reused state");
    }

    private static void AssertWeights(string file, ServerState state) =>
        Golden.AssertClose(Repository.GoldenFloats(file), state.GlobalModelWeights.ToCanonical(), WeightTolerance, file);

    private static int[] Ints(JsonNode node) => [.. node.AsArray().Select(item => (int)item!)];
}
