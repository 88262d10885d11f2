namespace FedPure.Data.Synthetic;

/// <summary>Synthetic data of a seed never change: sizes, labels and first features by a second implementation, in Python, printed with six decimals.</summary>
public class SyntheticDataTests
{
    private const float Decimals = 5.1e-7f;

    [Fact]
    public void FedProxClientsOfASeedNeverChange()
    {
        var data = new FedProxSynthetic(0.5, 1, 3, ClientCount: 4, FeatureCount: 5, ClassCount: 3).Generate();
        AssertClients(
            data, [2, 2, 2, 0, 0, 0, 2, 2, 0, 2, 2, 0], [2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2], [2, 2, 1, 1, 2, 2, 1, 0, 2, 1, 2, 0],
            [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1]);
        AssertClose([-1.031141f, -0.403056f, 2.190280f, 1.886970f, 0.706852f], data.Train.GetClient("client_1").Features(0));
    }

    [Fact]
    public void IidClientsOfASeedNeverChange()
    {
        var data = new FedProxSynthetic(0.5, 1, 3, ClientCount: 4, FeatureCount: 5, ClassCount: 3, Iid: true).Generate();
        AssertClients(
            data, [0, 0, 0, 2, 1, 1, 0, 2, 0, 1, 0, 0], [2, 2, 0, 1, 0, 0, 0, 2, 0, 2, 0, 2], [0, 0, 0, 0, 2, 2, 0, 0, 2, 0, 0, 0],
            [0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
        AssertClose([0.291820f, -0.451917f, 0.105805f, -0.301410f, 0.476795f], data.Train.GetClient("client_1").Features(0));
    }

    [Fact]
    public void BlobsOfASeedNeverChange()
    {
        var table = new GaussianBlobs(7, 2, 3, 2, 3).Generate();
        Assert.Equal([1, 0, 0, 0, 2, 2, 1], table.Labels.ToArray());
        AssertClose([2.485931f, -1.265861f, -1.004203f, -2.692492f, 1.107257f, -0.928555f], table.Features.Span[..6]);
    }

    [Fact]
    public void RegressionOfASeedNeverChanges()
    {
        var examples = new LinearRegressionProblem(2, 5, 2, 0.1, 0.5, 3).Generate().Clients.GetClient("client_0").Examples;
        AssertClose([-1.357339f, -0.236860f], examples.Features.Span[..2]);
        AssertClose([1.293081f], examples.Targets.Span[..1]);
    }

    [Fact]
    public void FeaturesHaveTheDeviationsOfThePaper()
    {
        // Feature j has the variance j^-1.2; over n examples a deviation is estimated within 1/√(2n) of itself: five of those.
        var data = new FedProxSynthetic(0, 0, 1, ClientCount: 60, FeatureCount: 4, Iid: true).Generate().Train.GetClient("client_00").Examples;
        int n = data.Count;
        for (int j = 0; j < 4; j++)
        {
            double deviation = Math.Sqrt(Enumerable.Range(0, n).Average(i => Math.Pow(data.Features.Span[4 * i + j], 2))), expected = Math.Pow(j + 1, -0.6);
            Assert.InRange(deviation, expected * (1 - 5 / Math.Sqrt(2 * n)), expected * (1 + 5 / Math.Sqrt(2 * n)));
        }
    }

    [Fact]
    public void SplitsOfBlobsHaveTheSameCentersAndOtherExamples()
    {
        // 500 examples a class: means of the same center differ by √(2/500) = 0.063; five of those.
        var law = new GaussianBlobs(1000, 3, 2, 1, 8);
        ExampleTable train = law.Generate(), test = law.Generate(FederatedSplits.TestName);
        Assert.NotEqual(train.Features.Span[..3].ToArray(), test.Features.Span[..3].ToArray());
        for (int k = 0; k < 2; k++)
        {
            for (int j = 0; j < 3; j++) Assert.Equal(Mean(train, k, j), Mean(test, k, j), 0.32);
        }

        static double Mean(ExampleTable table, int label, int feature) =>
            Enumerable.Range(0, table.Count).Where(i => table.Labels.Span[i] == label).Average(i => table.Features.Span[3 * i + feature]);
    }

    [Fact]
    public void TheOptimumHasNoGradient()
    {
        // At the optimum residuals are orthogonal to every feature and sum to 0, up to the rounding of 400 terms of magnitude 10.
        var (clients, optimum) = new LinearRegressionProblem(8, 50, 5, 0.3, 1, 4).Generate();
        var examples = clients.Examples;
        var gradient = new double[6];
        for (int row = 0; row < 400; row++)
        {
            double residual = optimum[5] - examples.Targets.Span[row];
            for (int j = 0; j < 5; j++) residual += optimum[j] * examples.Features.Span[5 * row + j];
            for (int j = 0; j < 5; j++) gradient[j] += residual * examples.Features.Span[5 * row + j];
            gradient[5] += residual;
        }

        Assert.All(gradient, value => Assert.InRange(value, -1e-10, 1e-10));
    }

    [Fact]
    public void WithoutNoiseTheOptimumIsTheTruth()
    {
        // Targets are rounded to float32: 2^-24 of up to 10. All clients share one model, so that any client's examples give the same optimum.
        var problem = new LinearRegressionProblem(2, 60, 3, 0, 0, 4);
        var (clients, optimum) = problem.Generate();
        var one = LeastSquares.Solve(clients.Examples.Features.Span[..180], clients.Examples.Targets.Span[..60], 3);
        for (int j = 0; j < 4; j++) Assert.Equal(one[j], optimum[j], 1e-6);
    }

    [Fact]
    public void ExamplesThatDetermineNoOptimumAreRefused() => Assert.Throws<ArgumentException>(() => new LinearRegressionProblem(1, 3, 5, 0, 0, 1).Generate());

    private static void AssertClients(FederatedSplits data, params int[][] firstLabels)
    {
        Assert.Equal([86, 407, 162, 118], data.Train.ClientIds.Select(id => data.Train.GetClient(id).Count + data.Test.GetClient(id).Count));
        Assert.Equal([77, 366, 145, 106], data.Train.ClientIds.Select(id => data.Train.GetClient(id).Count));
        Assert.Equal(firstLabels, data.Train.ClientIds.Select(id => Enumerable.Range(0, 12).Select(data.Train.GetClient(id).Label).ToArray()));
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Decimals * Math.Max(1, Math.Abs(expected[i])));
    }
}
