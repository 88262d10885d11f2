using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Models;

public class GradientTests
{
    // Widths of the layers from the features to the classes, and rows of the batch.
    public static TheoryData<int[], int> Shapes => new()
    {
        { [3, 2], 1 }, { [5, 10], 7 }, { [784, 10], 20 }, { [4, 6, 3], 5 }, { [9, 17, 10], 20 }, { [7, 33, 16, 10], 13 }, { [12, 8, 8, 8, 4], 3 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void TheReferencesGradientIsItsCentralDifference(int[] widths, int rows)
    {
        var (_, parameters, features, labels) = Random(widths, rows);
        var network = new ReferenceNetwork(widths);
        var exact = Array.ConvertAll(parameters, value => (double)value);

        // A step of h errs by h²/6 times a third derivative of order 1, plus 2^-52 of the loss over h: 1e-6 gives about 1e-13 + 1e-9, bounded by 1e-8.
        const double H = 1e-6;
        var batch = new Batch(features, labels);
        if (network.DistanceFromKinks(exact, batch) < 20 * H) Assert.Fail("The seed puts a hidden unit on ReLU's kink; choose another.");
        var gradient = network.Gradient(exact, batch);
        for (int i = 0; i < exact.Length; i += Math.Max(1, exact.Length / 200))
        {
            double value = exact[i];
            exact[i] = value + H;
            double above = network.Loss(exact, batch);
            exact[i] = value - H;
            double below = network.Loss(exact, batch);
            exact[i] = value;
            Assert.Equal((above - below) / (2 * H), gradient[i], 1e-8);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void TheGradientIsTheReferences(int[] widths, int rows)
    {
        var (model, canonical, features, labels) = Random(widths, rows);
        var reference = new ReferenceNetwork(widths).Gradient(Array.ConvertAll(canonical, value => (double)value), new Batch(features, labels));
        float[] parameters = new float[canonical.Length], gradient = new float[canonical.Length], actual = new float[canonical.Length];
        model.Layout.FromCanonical(canonical, parameters);
        model.LossAndGradient(parameters, new Batch(features, labels), gradient, Sums(model), new float[model.WorkspaceLength(rows)]);
        model.Layout.ToCanonical(gradient, actual);

        // A sum of n products errs by at most n·2^-24 of the sum of their sizes. Sizes of activations and deltas stay below 4 here (Glorot weights, features in
        // [-1, 1]), and the error of each of the L layers is passed on by the others: (Σ widths + rows)·2^-24·4·L.
        double bound = (widths.Sum() + rows) * Math.ScaleB(1, -24) * 4 * (widths.Length - 1);
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(reference[i] - actual[i]) <= bound, $"parameter {i}: {reference[i]:R} and {actual[i]:R} differ by more than {bound:E1}");
    }

    [Theory, MemberData(nameof(Shapes))]
    public void TheFusedStepHasTheBitsOfGradientThenStep(int[] widths, int rows)
    {
        var (model, canonical, features, labels) = Random(widths, rows);
        float[] fused = new float[canonical.Length], gradient = new float[canonical.Length], workspace = new float[model.WorkspaceLength(rows)];
        model.Layout.FromCanonical(canonical, fused);
        var split = fused.ToArray();
        double[] fusedSums = Sums(model), splitSums = Sums(model);
        for (int step = 0; step < 5; step++)
        {
            model.Step(fused, new Batch(features, labels), 0.1f, fusedSums, workspace);
            model.LossAndGradient(split, new Batch(features, labels), gradient, splitSums, workspace);
            new Sgd(0.1f).Step(model.Layout, split, gradient, []);
        }

        Assert.True(fused.AsSpan().SequenceEqual(split));
        Assert.Equal(fusedSums, splitSums);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void EvaluationAndTrainingReportTheSameMetricsOfABatch(int[] widths, int rows)
    {
        var (model, canonical, features, labels) = Random(widths, rows);
        var parameters = new float[canonical.Length];
        model.Layout.FromCanonical(canonical, parameters);
        double[] trained = Sums(model), evaluated = Sums(model);
        var workspace = new float[model.WorkspaceLength(rows)];
        model.LossAndGradient(parameters, new Batch(features, labels), new float[canonical.Length], trained, workspace);
        model.Evaluate(parameters, new Batch(features, labels), evaluated, workspace);
        Assert.Equal(trained, evaluated);
        double loss = new ReferenceNetwork(widths).Loss(Array.ConvertAll(canonical, value => (double)value), new Batch(features, labels));
        Assert.Equal(loss, trained[2] / rows, loss * 1e-5);
    }

    [Fact]
    public void HeadsAndLayersRefuseWhatMakesNoSense()
    {
        Assert.Throws<InvalidOperationException>(() => new Sequential(3).SoftmaxCrossEntropy());
        Assert.Throws<InvalidOperationException>(() => new Sequential(3).Dense(2, ActivationFunction.Relu).SoftmaxCrossEntropy());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequential(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequential(1).Dense(0));
    }

    private static double[] Sums(IModel model) => new double[MetricSums.AccumulatorCount(model.Metrics)];

    private static (IFusedModel Model, float[] Canonical, float[] Features, int[] Labels) Random(int[] widths, int rows)
    {
        var builder = new Sequential(widths[0], seed: 11);
        foreach (int width in widths[1..^1]) builder = builder.Dense(width, ActivationFunction.Relu);
        var model = builder.Dense(widths[^1]).SoftmaxCrossEntropy();
        var random = new System.Random(widths.Length + rows);
        float[] parameters = new float[model.Layout.Length], canonical = new float[model.Layout.Length];
        model.Initialize(parameters);
        model.Layout.ToCanonical(parameters, canonical);
        for (int i = 0; i < canonical.Length; i++) canonical[i] += (float)(random.NextDouble() - 0.5) * 0.02f;
        var features = Enumerable.Range(0, rows * widths[0]).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray();
        var labels = Enumerable.Range(0, rows).Select(_ => random.Next(widths[^1])).ToArray();
        return (model, canonical, features, labels);
    }
}
