using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.TestData;

namespace FedPure.Learning.Evaluation;

/// <summary>Evaluations equal TensorFlow Federated 0.87.0's; losses within 5e-6, since the other side sums them in float32.</summary>
public class EvaluationGoldenTests
{
    private const double LossTolerance = 5e-6;

    [Fact]
    public void SumsOfAllRoundsOutliveAChangeOfWeights()
    {
        var golden = Repository.GoldenJson("algorithms/fedeval.json")["softmax"]!;
        var evaluation = FederatedEvaluation.Build(GoldenProblems.Softmax);
        var initial = Weights(GoldenProblems.Softmax, golden["initial_state"]!);
        var state = evaluation.SetModelWeights(evaluation.Initialize(), initial);
        ClientDataset[][] rounds = [GoldenProblems.TestClients, GoldenProblems.Clients, [GoldenProblems.TestClients[0]], []];
        for (int i = 0; i < rounds.Length; i++)
        {
            if (i == 2) state = evaluation.SetModelWeights(state, new ModelWeights(initial.Layout, [.. initial.Parameters.Select(value => 2 * value)]));
            (state, var metrics) = evaluation.Next(state, rounds[i]);
            Golden.AssertMetrics(golden["rounds"]![i]!["metrics"]!, metrics, LossTolerance, $"round {i + 1}");
        }
    }

    [Fact]
    public void AnMlpIsGolden()
    {
        var golden = Repository.GoldenJson("algorithms/fedeval.json")["mlp"]!;
        var evaluation = FederatedEvaluation.Build(GoldenProblems.Mlp);
        var state = evaluation.SetModelWeights(evaluation.Initialize(), GoldenProblems.MlpInitialWeights);
        Golden.AssertMetrics(golden["rounds"]![0]!["metrics"]!, evaluation.Next(state, GoldenProblems.TestClients).Metrics, LossTolerance, "mlp");
    }

    /// <summary>The reference takes class 0 for the largest of a row of NaN, and so counts rows of label 0 as right; here no class is right.</summary>
    [Fact]
    public void ANanClientMakesTheLossNanAndIsNeverRight()
    {
        var golden = Repository.GoldenJson("algorithms/fedeval.json")["softmax_nan_client"]!["rounds"]![0]!["metrics"]!["client_work"]!["eval"]!["current_round_metrics"]!;
        var evaluation = FederatedEvaluation.Build(GoldenProblems.Softmax);
        var (_, metrics) = evaluation.Next(evaluation.Initialize(), [GoldenProblems.Clients[0], GoldenProblems.NanClient]);
        var current = metrics.Tree("client_work/eval/current_round_metrics");
        Assert.Equal(double.NaN, current["loss"]);
        Assert.Equal("NaN", (string)golden["loss"]!);
        Assert.Equal((double)golden["num_examples"]!, current["num_examples"]);
        Assert.Equal((double)golden["num_batches"]!, current["num_batches"]);

        var nan = GoldenProblems.NanClient;
        int rightOfNanByChance = nan.Label(nan.Count - 1) == 0 ? 2 : 0;
        Assert.Equal((double)golden["sparse_categorical_accuracy"]! - rightOfNanByChance / 38.0, current["sparse_categorical_accuracy"], 1e-7);
    }

    [Fact]
    public void PersonalizationIsGolden()
    {
        var golden = Repository.GoldenJson("algorithms/personalization.json")["softmax_two_strategies"]!;
        var model = GoldenProblems.Softmax;
        var evaluation = PersonalizationEvaluation.Build(model, [Strategy("one_epoch", 1), Strategy("three_epochs", 3)]);
        var clients = new[] { 0, 2, 4 }.Select(i => new PersonalizationClient(GoldenProblems.Clients[i], GoldenProblems.TestClients[0])).ToArray();
        var weights = ModelWeights.FromCanonical(model.Layout, Golden.Floats(golden["weights"]!));
        var results = evaluation.Evaluate(weights, clients);

        // The reference lists its clients in random order, the same for all strategies: rows are compared as a set.
        var expected = golden["result"]!.AsObject();
        Assert.Equal(expected.Select(entry => entry.Key), results[0].Entries.Select(entry => entry.Key));
        string[] names = [.. expected.Select(entry => entry.Key)];
        var rows = Enumerable.Range(0, 3).Select(i => names.Select(name => (double)expected[name]!["loss"]![i]!).ToArray()).OrderBy(row => row[2]).ToArray();
        var actual = results.Select(result => names.Select(name => result[$"{name}/loss"]).ToArray()).OrderBy(row => row[2]).ToArray();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++) Golden.AssertClose(rows[i][j], actual[i][j], LossTolerance * rows[i][j], $"{names[j]}, row {i}");
            Assert.Equal(6, results[i]["baseline_metrics/num_examples"]);
        }

        static PersonalizationStrategy Strategy(string name, int epochs) => new(name, new Sgd(0.1f), InputPipeline.Examples.Repeat(epochs).Batch(4));
    }

    private static ModelWeights Weights(IModel model, JsonNode state) =>
        ModelWeights.FromCanonical(model.Layout, Golden.Floats(state["global_model_weights"]!["trainable"]!));
}
