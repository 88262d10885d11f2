namespace FedPure.Learning.Aggregators;

public class WeightedMeanTests
{
    [Theory]
    [InlineData(new double[] { 3, 2, 1 }, 10f / 6f)]
    [InlineData(new double[] { 1, 1, 1 }, 2f)]
    [InlineData(new double[] { .1, .1, .1 }, 2f)]
    [InlineData(new double[] { 6, 3, 1 }, 1.5f)]
    public void WeightsWorkAsInTensorFlowFederatedsOwnTests(double[] weights, float expected)
    {
        var (mean, problem) = Mean([.. weights.Select((weight, i) => (i + 1f, weight))]);
        Assert.Null(problem);
        Assert.Equal(expected, mean);
    }

    [Theory]
    [InlineData(float.NaN, 1, "not finite")]
    [InlineData(float.PositiveInfinity, 1, "not finite")]
    [InlineData(float.NegativeInfinity, 1, "not finite")]
    [InlineData(1f, double.NaN, "not finite")]
    [InlineData(1f, double.PositiveInfinity, "not finite")]
    [InlineData(2147483648f, 1, "2^31")]
    [InlineData(-1024f, 2097152, "2^31")]
    [InlineData(1e-30f, 2147483648.0, "2^31")]
    public void WhatCannotBeSummedIsReportedWhereverItStands(float value, double weight, string reason)
    {
        foreach (var clients in new (float, double)[][] { [(value, weight), (1f, 1)], [(1f, 1), (value, weight)] })
            Assert.Contains(reason, Mean(clients).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void JustBelowTheLimitIsSummed() => Assert.Equal(2147483520f, Mean([(2147483520f, 1)]).Mean);

    [Fact]
    public void ASumBeyondItsLimitIsReported()
    {
        // 2^12 products of 2^30.99 stay below 2^43; 2^13 do not.
        Assert.Null(Mean([.. Enumerable.Repeat((2147483520f, 1.0), 4095)]).Problem);
        Assert.Contains("2^43", Mean([.. Enumerable.Repeat((2147483520f, 1.0), 4097)]).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void NoWeightAtAllIsReported()
    {
        Assert.Contains("come to 0", Mean([]).Problem, StringComparison.Ordinal);
        Assert.Contains("come to 0", Mean([(1f, 0), (float.NaN, 0)]).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void NegativeWeightsAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Mean([(1f, -1)]));

    [Fact]
    public void MinusZeroCountsAsZero() => Assert.Equal(0, BitConverter.SingleToInt32Bits(Mean([(-0f, 3), (-0f, 1)]).Mean));

    private static (float Mean, string? Problem) Mean((float Value, double Weight)[] clients)
    {
        var aggregation = Scalars.Begin(new WeightedMean());
        foreach (var (value, weight) in clients) aggregation.Add("client", [value], weight);
        var mean = new float[1];
        string? problem = aggregation.Complete(mean).Problem;
        return (mean[0], problem);
    }
}
