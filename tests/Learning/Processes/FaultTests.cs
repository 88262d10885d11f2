using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>What a round does with clients that fail, are empty or do not fit, as TensorFlow Federated does or better.</summary>
public class FaultTests
{
    private static readonly IModel Model = new Sequential(2).Dense(3, initializer: Initializer.Zeros).SoftmaxCrossEntropy();

    private static readonly InputPipeline Pipeline = InputPipeline.Examples.Repeat(2).Batch(2);

    private static readonly ClientDataset Good = Client("good", [1, 2, 3, 4, 5, 6], [0, 1, 2]), Bad = Client("bad", [1, 2, float.NaN, 4], [0, 1]),
    Empty = Client("empty", [], []);

    private static readonly ILearningProcess Process = FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f));

    [Fact]
    public void ANonFiniteClientWeighsNothing()
    {
        var result = Process.Next(Process.Initialize(), [Bad, Good]);
        var alone = Process.Next(Process.Initialize(), [Good]);
        Assert.Equal(alone.State.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(alone.Metrics.ToString(), result.Metrics.ToString());
        Assert.Equal(["bad"], result.NonFiniteClients.ToArray());
        Assert.Null(result.Problem);
        Assert.Empty(alone.NonFiniteClients);
    }

    [Fact]
    public void ANonFiniteClientWeighsNothingUnderUniformWeights()
    {
        var process = FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), weighting: ClientWeighting.Uniform);
        Assert.Equal(
            process.Next(process.Initialize(), [Good]).State.GlobalModelWeights.Sha256(),
            process.Next(process.Initialize(), [Good, Bad]).State.GlobalModelWeights.Sha256());
    }

    [Fact]
    public void UniformWeightsAreNotExampleWeights()
    {
        var other = Client("other", [1, 0], [2]);
        var uniform = FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), weighting: ClientWeighting.Uniform);
        Assert.NotEqual(
            Process.Next(Process.Initialize(), [Good, other]).State.GlobalModelWeights.Sha256(),
            uniform.Next(uniform.Initialize(), [Good, other]).State.GlobalModelWeights.Sha256());
    }

    [Theory]
    [InlineData("no clients")]
    [InlineData("empty")]
    [InlineData("bad")]
    public void ARoundWithoutAUsableUpdateLeavesTheModelAndSaysSo(string kind)
    {
        ClientDataset[] clients = kind switch { "empty" => [Empty, Empty], "bad" => [Bad], _ => [] };
        var state = Process.Next(Process.Initialize(), [Good]).State;
        var result = Process.Next(state, clients);
        Assert.Equal(state.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(0, result.Metrics["client_work/train/num_examples"]);
        Assert.Equal(0, result.Metrics["client_work/train/loss"]);
        Assert.Contains("weights come to 0", result.Problem, StringComparison.Ordinal);
        Assert.Equal(2, result.State.Round);
    }

    [Fact]
    public void AnUpdateBeyondTheSumsRangeLeavesTheModelAndNamesTheCause()
    {
        // One step of rate 1e12 moves a weight by about 1e12, and 1e12·2 examples is beyond 2^31.
        var process = FederatedAveraging.BuildWeighted(Model, new Sgd(1e12f));
        var result = process.Next(process.Initialize(), [Client("far", [1, 1], [0])]);
        Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
        Assert.Contains("2^31", result.Problem, StringComparison.Ordinal);
        Assert.Equal(process.Initialize().GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
    }

    [Fact]
    public void AServerStepBeyondTheFiniteNumbersLeavesTheModelAndNamesTheCause()
    {
        var process = FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), new Sgd(3e38f, momentum: 0.9f));
        var first = process.Next(process.Initialize(), [Client("far", [90, 90], [0])]);
        Assert.Equal(1, first.Metrics["finalizer/update_non_finite"]);
        Assert.Contains("server optimizer", first.Problem, StringComparison.Ordinal);
        Assert.Equal(process.Initialize().GlobalModelWeights.Sha256(), first.State.GlobalModelWeights.Sha256());
        Assert.All(first.State.Finalizer.State, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void ALabelOutsideTheModelNamesTheClient()
    {
        var error = Assert.Throws<ClientFailedException>(() => Process.Next(Process.Initialize(), [Good, Client("odd", [1, 2], [3])]));
        Assert.Equal("odd", error.ClientId);
        Assert.StartsWith("Client 'odd' failed: The label of row 0 is 3, but there are 3 classes, 0 to 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhateverAModelThrowsNamesTheClient()
    {
        var process = FederatedAveraging.BuildWeighted(new ThrowingModel(), new Sgd(0.1f), threads: 2);
        var error = Assert.Throws<ClientFailedException>(() => process.Next(process.Initialize(), [Good, Good with { ClientId = "second" }]));
        Assert.Equal("good", error.ClientId);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public void AfterAFailureTheProcessGoesOn()
    {
        var state = Process.Initialize();
        string expected = Process.Next(state, [Good]).State.GlobalModelWeights.Sha256();
        Assert.Throws<ClientFailedException>(() => Process.Next(state, [Good, Client("odd", [1, 2], [3])]));
        Assert.Equal(expected, Process.Next(state, [Good]).State.GlobalModelWeights.Sha256());
    }

    [Fact]
    public void AClientOfOtherFeaturesIsRefusedBeforeAnyWork()
    {
        var wide = new ClientDataset("wide", new ExampleTable(new float[3], new int[1], [3]), new RowSet(0, 1)) { Pipeline = Pipeline };
        var error = Assert.Throws<ArgumentException>(() => Process.Next(Process.Initialize(), [wide]));
        Assert.Contains("'wide' has 3 features an example, but the model takes 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnbatchedClientIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => Process.Next(Process.Initialize(), [Good with { Pipeline = InputPipeline.Examples }]));

    [Fact]
    public void WeightsOfAnotherModelAreRefused()
    {
        var other = FederatedAveraging.BuildWeighted(Tutorial.Softmax, new Sgd(0.1f)).Initialize();
        Assert.Contains(
            "7850 weights, but the model has 9", Assert.Throws<ArgumentException>(() => Process.Next(other, [Good])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACancelledRoundEndsAndTheStateStaysValid()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var state = Process.Initialize();
        Assert.ThrowsAny<OperationCanceledException>(() => Process.Next(state, [Good], source.Token));
        Assert.Equal(1, Process.Next(state, [Good]).State.Round);
    }

    private sealed class ThrowingModel : IModel
    {
        public ParameterLayout Layout => Model.Layout;

        public int FeatureCount => 2;

        public System.Collections.Immutable.ImmutableArray<Metrics.Metric> Metrics => Model.Metrics;

        public int WorkspaceLength(int batchSize) => 0;

        public void Initialize(Span<float> parameters) => parameters.Clear();

        public void LossAndGradient(ReadOnlySpan<float> parameters, Batch batch, Span<float> gradient, Span<double> metricSums, Span<float> workspace) =>
            throw new InvalidOperationException("The model is out of order.");

        public void Evaluate(ReadOnlySpan<float> parameters, Batch batch, Span<double> metricSums, Span<float> workspace) =>
            throw new InvalidOperationException("The model is out of order.");
    }

    private static ClientDataset Client(string id, float[] features, int[] labels) =>
        new(id, new ExampleTable(features, labels, [2]), new RowSet(0, labels.Length)) { Pipeline = Pipeline };
}
