namespace FedPure.Learning.Aggregators;

public class RobustRuleTests
{
    private static readonly Sent[] Three = [new("a", [1, -2]), new("b", [2, 4]), new("c", [9, 5])];

    [Fact]
    public void TooFewClientsAreAProblemThatSaysHowManyItTakes()
    {
        Assert.Contains("2f + 3 = 5 updates, and there are 3", Round.Run(new Krum(1), Three).Result.Problem, StringComparison.Ordinal);
        Assert.Contains("m = 4 updates, and there are 3", Round.Run(new Krum(0, 4), Three).Result.Problem, StringComparison.Ordinal);
        Assert.Contains("4f + 3 = 7 updates, and there are 3", Round.Run(new Bulyan(1), Three).Result.Problem, StringComparison.Ordinal);
        Assert.Contains("= 4294967297 updates", Round.Run(new Krum(int.MaxValue), Three).Result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void NoUpdateIsAProblem()
    {
        var rule = new CoordinateMedian();
        Assert.Equal("there are no updates", Scalars.Begin(rule).Complete(new float[1]).Problem);
        Assert.Equal("no client has a finite update", Round.Run(rule, new Sent("a", [float.NaN])).Result.Problem);
        Assert.Equal(
            "no client has a finite update", Round.Run(new CoordinateMedian(weighted: true), new Sent("a", [1], double.PositiveInfinity)).Result.Problem);
        Assert.Equal("there are no updates", Round.Run(new CoordinateMedian(weighted: true), new Sent("a", [1], 0)).Result.Problem);
        Assert.Throws<ArgumentOutOfRangeException>(() => Round.Run(rule, new Sent("a", [1], -1)));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(0.5)]
    [InlineData(0.49999999999999994)]
    [InlineData(double.NaN)]
    public void AFractionThatWouldCutEverythingIsRefused(double beta) => Assert.Throws<ArgumentOutOfRangeException>(() => new TrimmedMean(beta));

    [Fact]
    public void OtherNumbersOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Krum(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Krum(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bulyan(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GeometricMedian { Smoothing = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GeometricMedian { Tolerance = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GeometricMedian { MaxIterations = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => NormBoundedMean.Create(-1));
    }

    [Fact]
    public void RowsAreSortedForAnyNumberOfClientsAcrossBlocks()
    {
        for (int n = 1; n <= 70; n++)
        {
            var random = new System.Random(n);
            Sent[] clients = [.. Enumerable.Range(0, n).Select(i => new Sent($"{i}", [.. Enumerable.Range(0, 259).Select(_ => random.Next(-9, 9) / 4f)]))];
            var median = Round.Run(new CoordinateMedian(), clients).Aggregate;
            for (int i = 0; i < median.Length; i++)
            {
                float[] values = [.. clients.Select(client => client.Update[i]).Order()];
                Assert.Equal((values[(n - 1) / 2] + values[n / 2]) / 2, median[i]);
            }
        }
    }

    [Fact]
    public void DistancesInLanesAreThoseOfASum()
    {
        var random = new System.Random(1);
        for (int length = 0; length < 70; length++)
        {
            // Multiples of 1/64 up to 32: squares and sums are exact in double.
            float[] x = [.. Enumerable.Range(0, length).Select(_ => random.Next(-2048, 2048) / 64f)], y = [.. x.Select(_ => random.Next(-2048, 2048) / 64f)];
            double[] wide = [.. y.Select(value => (double)value)], sum = [.. wide];
            double expected = x.Zip(y).Sum(pair => ((double)pair.First - pair.Second) * (pair.First - pair.Second));
            Assert.Equal(expected, DoubleSums.SquaredDistance(x, y));
            Assert.Equal(expected, DoubleSums.SquaredDistance(x, wide));
            DoubleSums.AddScaled(x, 0.5, sum);
            Assert.Equal(wide.Zip(x, (b, a) => b + 0.5 * a), sum);
        }
    }

    [Fact]
    public void TheyComposeWithZeroingAndClipping()
    {
        Sent[] clients = [new("a", [1, 1]), new("b", [100, 1]), new("c", [3, 4])];

        // b is zeroed, c clipped to norm 2.5: the medians are those of 1, 0, 1.5 and of 1, 0, 2.
        var outcome = Round.Run(new Zeroing(NormBound.Fixed(50), new Clipping(NormBound.Fixed(2.5f), new CoordinateMedian())), clients);
        Assert.Equal([1f, 1f], outcome.Aggregate);
        Assert.Equal(1, outcome.Result.Measurements["zeroed_count"]);
        Assert.Equal(3, outcome.Result.Measurements["zeroing/clipping/update_count"]);
        Assert.Null(Round.Run(RobustAggregator.Around(new Krum(0)), clients).Result.Problem);
    }

    [Fact]
    public void MinusZeroCountsAsZero()
    {
        foreach (
            var rule in new IAggregator[] { new CoordinateMedian(), new CoordinateMedian(weighted: true), new TrimmedMean(0), new GeometricMedian(), new Krum(0), new Bulyan(0) })
            Assert.Equal(0, BitConverter.SingleToInt32Bits(Round.Run(rule, new Sent("a", [-0f]), new Sent("b", [-0f]), new Sent("c", [-0f])).Aggregate[0]));
    }

    [Fact]
    public void AVoteCountsSigns()
    {
        Sent[] clients = [new("a", [5, -1, 0, 2], 1), new("b", [-0.1f, -3, 0, -2], 1), new("c", [-9, 2, 1e-30f, 0], 5)];
        Assert.Equal([-1f, -1f, 1f, 0f], Round.Run(new MajorityVote(), clients).Aggregate);
        Assert.Equal([-1f, 1f, 1f, 0f], Round.Run(new MajorityVote(weighted: true), clients).Aggregate);
        Assert.NotNull(Round.Run(new MajorityVote(), new Sent("a", [float.NaN])).Result.Problem);
    }
}
