using FedPure.Data;
using FedPure.Data.Synthetic;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>Linear regression over clients that differ, whose best common model is known in double precision.</summary>
public class KnownOptimumTests
{
    private static readonly RegressionExamples Problem = new LinearRegressionProblem(
        ClientCount: 10, ExamplesPerClient: 40, FeatureCount: 5, Noise: 0.5, Heterogeneity: 1, Seed: 2).Generate();

    // One step of each client is a step of gradient descent on all examples: with features of variance 1 the error shrinks by about 1 - 2·0.2 a round, 0.6^150
    // = 1e-33. What is left are float32 roundings of a gradient that is a mean of terms up to 20: 20·2^-24·√6 = 3e-6 at a curvature of 2.
    [Fact]
    public void OneStepARoundEndsAtTheOptimum() => Assert.InRange(DistanceFromOptimum(epochs: 1), 0, 3e-6);

    // Clients that take more steps alone drift towards their own optima (Li et al., On the convergence of FedAvg on non-IID data, 2020, theorem 4).
    [Fact]
    public void ManyStepsARoundEndBesideIt() => Assert.InRange(DistanceFromOptimum(epochs: 10), 0.01, 1);

    private static double DistanceFromOptimum(int epochs)
    {
        var model = new Sequential(5).Dense(1, initializer: Initializer.Zeros).MeanSquaredError();
        var process = FederatedAveraging.BuildWeighted(model, new Sgd(0.2f), new Sgd(1f));
        var pipeline = InputPipeline.Examples.Repeat(epochs).Batch(40);
        ClientDataset[] clients = [.. Problem.Clients.ClientIds.Select(id => Problem.Clients.GetClient(id).Preprocess(pipeline))];
        var state = process.Initialize();
        for (int round = 0; round < 150; round++) state = process.Next(state, clients).State;
        float[] weights = state.GlobalModelWeights.ToCanonical();
        Assert.Equal(Problem.Optimum.Length, weights.Length);
        return Enumerable.Range(0, weights.Length).Max(i => Math.Abs(weights[i] - Problem.Optimum[i]));
    }
}
