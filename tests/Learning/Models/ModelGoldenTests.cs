using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Metrics;
using FedPure.Learning.Optimizers;
using FedPure.TestData;

namespace FedPure.Learning.Models;

/// <summary>
/// Rounds of TensorFlow Federated 0.87.0 with models beyond the tutorial's. Counts and accuracies equal; losses and weights within 1e-5 absolute and relative:
/// five rounds of up to 18 steps and the other side's float32 sums, each rounding of 6e-8 of values that are mostly below 3.
/// </summary>
public class ModelGoldenTests
{
    private static readonly JsonNode Problems = Repository.GoldenJson("algorithms/problems.json"),
    Models = Repository.GoldenJson("algorithms/fedavg_models.json"),
        Edges = Repository.GoldenJson("algorithms/edge_cases.json"), Clip = Repository.GoldenJson("tutorial/loss-clip.json");

    [Fact]
    public void L2CountsInTheGradientAndNotInTheLoss() =>
        Run(new Sequential(6).Dense(4, l2: 0.01f).SoftmaxCrossEntropy(), ClassificationClients(), Models["softmax_l2_regularised"]!);

    [Fact]
    public void RegressionWithTanhAndSigmoid()
    {
        var model = new Sequential(3).Dense(5, ActivationFunction.Tanh).Dense(4, ActivationFunction.Sigmoid).Dense(1).MeanSquaredError(
            [new MeanAbsoluteError(), new RootMeanSquaredError()]);
        var golden = Models["regression_tanh_sigmoid"]!;
        var clients = golden["clients"]!.AsArray().Select((client, i) =>
            Client(i, new ExampleTable(Golden.Floats(client!["x"]!), Golden.Floats(client["y"]!), 1, [3]), InputPipeline.Examples.Repeat(2).Batch(2)));
        Run(model, [.. clients], golden);
    }

    [Theory]
    [InlineData("saturated_logits", false)]
    [InlineData("saturated_softmax_layer", true)]
    [InlineData("saturated_dense_activation_softmax", true)]
    public void SaturatedSoftmax(string name, bool clipped)
    {
        var layers = new Sequential(6).Dense(4);
        Run(clipped ? layers.SoftmaxCrossEntropyOnProbabilities() : layers.SoftmaxCrossEntropy(), ClassificationClients(), Edges[name]!);
    }

    [Fact]
    public void TwoRoundsThatClip()
    {
        var model = new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropyOnProbabilities();
        var clients = Clip["settings"]!["clients"]!.AsArray().Select(
            id => Tutorial.Digits.Train.GetClient((string)id!).Preprocess(InputPipeline.Examples.Batch(32))).ToArray();
        var process = FederatedAveraging.BuildWeighted(model, new Sgd(0.1f), new Sgd(1f));
        var state = process.Initialize();
        for (int round = 0; round < 2; round++)
        {
            (state, var metrics) = process.Next(state, clients);
            AssertMetrics(Clip["keras"]!["rounds"]![round]!["client_work"]!["train"]!, metrics.Tree("client_work/train"));
        }

        AssertClose(Repository.GoldenFloats("tutorial/weights-clip-round2.f32"), process.GetModelWeights(state).ToCanonical(), 1e-5);
    }

    [Fact]
    public void SingleExamplesThatClip()
    {
        // The logits are the biases: the features are 0.
        var model = new Sequential(1).Dense(10).SoftmaxCrossEntropyOnProbabilities();
        foreach (var example in Clip["single_examples"]!.AsArray())
        {
            var logits = Golden.Floats(example!["logits"]!);
            float[] parameters = [.. new float[10], .. logits], gradient = new float[20], workspace = new float[model.WorkspaceLength(1)];
            double[] trained = new double[6], evaluated = new double[6];
            var batch = new Batch([0f], [(int)example["label"]!]);
            model.LossAndGradient(parameters, batch, gradient, trained, workspace);
            model.Evaluate(parameters, batch, evaluated, workspace);

            // A loss is known to an ulp of the clipped sum, near 1: 1.2e-7; the gradient to some of these.
            AssertClose([(float)example["train_loss_keras"]!, (float)example["eval_loss_keras"]!], [(float)trained[2], (float)evaluated[2]], 5e-7);
            AssertClose(Golden.Floats(example["logit_gradient_keras"]!), gradient[10..], 5e-7);
        }
    }

    private static ClientDataset[] ClassificationClients() =>
        [.. Problems["problem_S"]!["clients"]!.AsArray().Select((client, i) =>
            Client(
                i, new ExampleTable(Golden.Floats(client!["x"]!), Golden.Floats(client["y"]!).Select(y => (int)y).ToArray(), [6]),
                InputPipeline.Examples.Repeat(2).Batch(4)))];

    private static ClientDataset Client(int number, ExampleTable examples, InputPipeline pipeline) =>
        new($"{number}", examples, new RowSet(0, examples.Count)) { Pipeline = pipeline };

    private static void Run(IModel model, ClientDataset[] clients, JsonNode golden)
    {
        var process = FederatedAveraging.BuildWeighted(model, new Sgd(0.1f), new Sgd(1f));
        var state = process.SetModelWeights(process.Initialize(), ModelWeights.FromCanonical(model.Layout, Weights(golden["initial_state"]!)));
        foreach (var round in golden["rounds"]!.AsArray())
        {
            (state, var metrics) = process.Next(state, clients);
            AssertMetrics(round!["metrics"]!["client_work"]!["train"]!, metrics.Tree("client_work/train"));
            AssertClose(Weights(round["state"]!), process.GetModelWeights(state).ToCanonical(), 1e-5);
        }
    }

    private static void AssertMetrics(JsonNode golden, MetricTree metrics)
    {
        Assert.Equal(golden.AsObject().Select(entry => entry.Key), metrics.Select(entry => entry.Key));
        foreach (var (name, expected) in golden.AsObject())
        {
            double tolerance = name is "loss" or "mean_absolute_error" or "root_mean_squared_error" ? 1e-5 : 0;
            AssertClose([(float)expected!], [(float)metrics[name]], tolerance);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Golden.AssertClose(expected[i], actual[i], tolerance * (1 + Math.Abs(expected[i])), $"[{i}]");
    }

    private static float[] Weights(JsonNode state) => Golden.Floats(state["global_model_weights"]!["trainable"]!);
}
