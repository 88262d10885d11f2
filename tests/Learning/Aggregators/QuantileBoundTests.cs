using FedPure.TestData;

namespace FedPure.Learning.Aggregators;

/// <summary>Quantile estimation against TensorFlow Federated's. The no_clients case differs on purpose: its estimate is NaN for good, ours stays.</summary>
public class QuantileBoundTests
{
    // exp within 1.01 ulp and one rounding more a round, over at most 30 rounds, against an exp of theirs: 30·3·2^-24 = 5e-6.
    private const double Relative = 5e-6;

    [Theory]
    [InlineData("default_clipping")]
    [InlineData("default_zeroing")]
    [InlineData("secure_bound")]
    [InlineData("median")]
    [InlineData("test_values")]
    [InlineData("secure_median")]
    [InlineData("boundary")]
    public void EstimatesAreThoseOfTensorFlowFederated(string name)
    {
        var golden = Repository.GoldenJson("algorithms/quantile.json")[name]!;
        float[] arguments = [.. GoldenJson.Leaves(golden["arguments"])];
        var bound = new QuantileBound(arguments[0], arguments[1], arguments[2])
        {
            Multiplier = golden["keywords"]!["multiplier"] is { } multiplier ? (float)Golden.Number(multiplier) : 1f,
            Increment = golden["keywords"]!["increment"] is { } increment ? (float)Golden.Number(increment) : 0f,
        };
        var state = bound.Initialize();
        Assert.Equal(GoldenJson.TypeOf(golden["initial_state"]), state.Signature.ToCompactString());
        Assert.Equal(GoldenJson.Leaves(golden["initial_state"]), GoldenJson.Leaves(state));
        Assert.Equal((float)Golden.Number(golden["initial_report"]!), bound.Report(state));
        foreach (var round in golden["rounds"]!.AsArray())
        {
            state = Next(bound, state, [.. GoldenJson.Leaves(round!["values"])]);
            GoldenJson.AssertClose((float)Golden.Number(round!["report"]!), bound.Report(state), Relative, 0, name);
            GoldenJson.AssertClose(GoldenJson.Leaves(round["state"]).First(), bound.Estimate(state), Relative, 0, name);
        }
    }

    [Fact]
    public void TheArithmeticUpdateIsTensorFlowFederateds()
    {
        var golden = Repository.GoldenJson("algorithms/quantile.json")["arithmetic_update"]!;
        var bound = new QuantileBound(3.14159f, 0.61803f, 2.71828f) { Geometric = false };
        var state = bound.Initialize();
        float[] reports = [.. GoldenJson.Leaves(golden["reports_before_and_after"])];
        Assert.Equal(reports[0], bound.Report(state));
        for (int round = 0; round + 1 < reports.Length; round++)
        {
            state = Next(bound, state, [.. GoldenJson.Leaves(golden["values"]![round])]);
            GoldenJson.AssertClose(reports[round + 1], bound.Report(state), Relative, 0, $"round {round}");
        }
    }

    [Fact]
    public void EstimatesNeverReachWhereTheyCouldNotComeBackFrom()
    {
        var geometric = new QuantileBound(1f, 0.5f, 60f);
        var arithmetic = geometric with { Geometric = false };
        foreach (var bound in new[] { geometric, arithmetic })
        {
            var low = bound.Next(bound.Next(bound.Initialize(), 1, 1), 1, 1);
            for (int round = 0; round < 5; round++) low = bound.Next(low, 1, 1);
            Assert.True(bound.Estimate(low) >= 0);
            var back = bound.Next(low, 0, 1);
            Assert.True(bound.Estimate(back) > bound.Estimate(low));
            Assert.True(bound.Report(low) >= 0);
        }

        var high = geometric.Initialize();
        for (int round = 0; round < 5; round++) high = geometric.Next(high, 0, 1);
        Assert.Equal(float.MaxValue, (geometric with { Multiplier = 2f }).Report(high));
        Assert.True(geometric.Estimate(geometric.Next(high, 1, 1)) < float.MaxValue);
    }

    [Theory]
    [InlineData(0f, 0.5f, 0.1f)]
    [InlineData(float.NaN, 0.5f, 0.1f)]
    [InlineData(float.PositiveInfinity, 0.5f, 0.1f)]
    [InlineData(1f, 1.1f, 0.1f)]
    [InlineData(1f, float.NaN, 0.1f)]
    [InlineData(1f, 0.5f, -0.1f)]
    [InlineData(1f, 0.5f, float.PositiveInfinity)]
    public void NumbersOutOfRangeAreRefused(float initial, float target, float rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantileBound(initial, target, rate));

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void BoundsThatAreNoNumberOrNegativeAreRefused(float value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NormBound.Fixed(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantileBound(1f, 0.5f, 0.1f) { Multiplier = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantileBound(1f, 0.5f, 0.1f) { Increment = value });
    }

    private static AggregatorState Next(NormBound bound, AggregatorState state, float[] norms) =>
        bound.Next(state, norms.Count(norm => norm <= bound.Estimate(state)), norms.Length);
}
