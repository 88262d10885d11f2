using System.Text.Json.Nodes;
using FedPure.Learning.Models;
using FedPure.TestData;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Every aggregator alone, over the rounds recorded from TensorFlow Federated 0.87. Not covered: mean_zero_weights_no_nan and mean_no_nan_normal, since a round
/// of no weight is a problem here and never zeros. Different on purpose, below: a round that has no mean is reported instead of filled with NaN, a client that
/// is not finite is zeroed, and a round without clients leaves every bound as it was.
/// </summary>
public class AggregatorGoldenTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("algorithms/aggregators_mean_robust.json");

    // Layout of the recorded values: {a: [4], b: [2,2]}.
    private static readonly ParameterLayout Layout = new([("a", [4], false), ("b", [2, 2], false)]);

    public static TheoryData<string> Cases { get; } =
    [
        "mean_weighted", "mean_unweighted", "sum", "mean_int_weights", "concat_mean", "sum_no_clients",
        "clip_0_mean", "clip_0.5_mean", "clip_2_mean", "clip_1e+06_mean", "clip_2_sum", "clip_quantile",
        "zero_5_norm_inf_mean", "zero_5_norm_1_mean", "zero_5_norm_2_mean", "zero_5_unweighted", "zero_5_around_clip_2",
        "robust_zeroing1_clipping1_weighted1", "robust_zeroing1_clipping1_weighted0", "robust_zeroing1_clipping0_weighted1",
        "robust_zeroing0_clipping1_weighted1", "robust_zeroing0_clipping0_weighted1",
        "robust_debug", "debug_weighted", "debug_unweighted", "debug_mixed_dtype",
    ];

    [Theory, MemberData(nameof(Cases))]
    public void RoundsAreThoseOfTensorFlowFederated(string name)
    {
        var golden = Golden["cases"]![name]!;
        var rule = Rule(name);
        var state = rule.Initialize(Layout);
        Assert.Equal(GoldenJson.TypeOf(golden["initial_state"]), state.Signature.ToCompactString());
        var rounds = golden["rounds"]!.AsArray();
        for (int round = 0; round < rounds.Count; round++)
        {
            string place = $"{name}, round {round + 1}";
            var (aggregate, result) = Run(rule, state, name.EndsWith("no_clients", StringComparison.Ordinal) ? [] : Updates(round));
            Assert.Null(result.Problem);
            AssertResult(rounds[round]!["result"], aggregate, place);
            GoldenJson.AssertMeasurements(rounds[round]!["measurements"], result.Measurements, place);
            AssertState(rounds[round]!["state"], result.State, place);
            state = result.State;
        }
    }

    [Theory]
    [InlineData("mean_zero_weights", true)]
    [InlineData("mean_no_clients", false)]
    [InlineData("mean_unweighted_no_clients", false)]
    public void WhereUpstreamsMeanIsNaNThereIsAProblem(string name, bool clients)
    {
        var round = Golden["cases"]![name]!["rounds"]![0]!;
        Assert.All(GoldenJson.Leaves(round["result"]), value => Assert.True(float.IsNaN(value)));
        var rule = Rule(name);
        var (_, result) = Run(rule, rule.Initialize(Layout), clients ? [.. Updates(0).Select(client => (client.Update, 0.0))] : []);
        Assert.NotNull(result.Problem);
        GoldenJson.AssertMeasurements(round["measurements"], result.Measurements, name);
    }

    [Fact]
    public void ARoundWithoutClientsLeavesTheBoundsThatUpstreamMakesNaN()
    {
        var rounds = Golden["cases"]!["robust_no_clients"]!["rounds"]!;
        Assert.Contains(float.NaN, GoldenJson.Leaves(rounds[0]!["state"]));
        var rule = RobustAggregator.Create();
        var initial = rule.Initialize(Layout);
        var (_, empty) = Run(rule, initial, []);
        Assert.NotNull(empty.Problem);
        Assert.Equal(initial, empty.State);
        GoldenJson.AssertMeasurements(rounds[0]!["measurements"], empty.Measurements, "no clients");

        // The next round is the first of the case that has no empty round before it.
        var (aggregate, next) = Run(rule, empty.State, Updates(0));
        var first = Golden["cases"]!["robust_zeroing1_clipping1_weighted1"]!["rounds"]![0]!;
        AssertResult(first["result"], aggregate, "after no clients");
        AssertState(first["state"], next.State, "after no clients");
    }

    [Fact]
    public void AClientThatIsNotFiniteIsZeroedThatUpstreamLetsThroughOrLetsRaiseTheBound()
    {
        var rounds = Golden["cases"]!["robust_nan_then_inf"]!["rounds"]!;
        Assert.Contains(float.NaN, GoldenJson.Leaves(rounds[0]!["result"]));
        var rule = RobustAggregator.Create();
        var state = rule.Initialize(Layout);
        foreach (float broken in new[] { float.NaN, float.PositiveInfinity })
        {
            var healthy = Updates(0)[1];
            var (aggregate, result) = Run(rule, state, [([1f, broken, 2f, 3f, 1f, 1f, 1f, 1f], 1.0), healthy]);

            // Weights 1 and 2. The healthy update's norm of 0.996 is within the first round's clipping bound of 1; both that and the norm of the zeros were, so
            // the second round's is exp(-0.2·(1 - 0.8)) = 0.961.
            Assert.Null(result.Problem);
            Assert.Equal(1, result.Measurements["zeroed_count"]);
            bool first = float.IsNaN(broken);
            Assert.Equal(first ? 0 : 1, result.Measurements["zeroing/clipped_count"]);
            double norm = Math.Sqrt(healthy.Update.Sum(x => (double)x * x)), factor = first ? 1 : Math.Exp(-0.04) / norm;
            for (int i = 0; i < 8; i++) GoldenJson.AssertClose(healthy.Update[i] * factor * 2 / 3, aggregate[i], 1e-6, 0, $"{broken}, {i}");

            // The one finite norm is below the estimate of 10, so that zeroing's estimate falls by exp(-ln 10·0.02).
            Assert.True(((QuantileState)((NormBoundState)result.State).Bound).CurrentEstimate < ((QuantileState)((NormBoundState)state).Bound).CurrentEstimate);
            state = result.State;
        }
    }

    private static IAggregator Rule(string name) => name switch
    {
        "sum" or "sum_no_clients" => new Sum(),
        "mean_unweighted" or "mean_unweighted_no_clients" => new UnweightedMean(),
        "clip_0_mean" => new Clipping(NormBound.Fixed(0), new WeightedMean()),
        "clip_0.5_mean" => new Clipping(NormBound.Fixed(0.5f), new WeightedMean()),
        "clip_2_mean" => new Clipping(NormBound.Fixed(2), new WeightedMean()),
        "clip_1e+06_mean" => new Clipping(NormBound.Fixed(1e6f), new WeightedMean()),
        "clip_2_sum" => new Clipping(NormBound.Fixed(2), new Sum()),
        "clip_quantile" => new Clipping(new QuantileBound(1f, 0.5f, 0.3f), new WeightedMean()),
        "zero_5_norm_inf_mean" => new Zeroing(NormBound.Fixed(5), new WeightedMean()),
        "zero_5_norm_1_mean" => new Zeroing(NormBound.Fixed(5), new WeightedMean(), NormOrder.L1),
        "zero_5_norm_2_mean" => new Zeroing(NormBound.Fixed(5), new WeightedMean(), NormOrder.L2),
        "zero_5_unweighted" => new Zeroing(NormBound.Fixed(5), new UnweightedMean()),
        "zero_5_around_clip_2" => new Zeroing(NormBound.Fixed(5), new Clipping(NormBound.Fixed(2), new WeightedMean())),
        "robust_debug" => RobustAggregator.Create(debugMeasurements: true),
        "debug_weighted" or "debug_mixed_dtype" => new DebugMeasurements(new WeightedMean()),
        "debug_unweighted" => new DebugMeasurements(new UnweightedMean(), weighted: false),
        _ when name.StartsWith("robust_zeroing", StringComparison.Ordinal) => RobustAggregator.Create(
            weighted: name.EndsWith("weighted1", StringComparison.Ordinal),
            zeroing: name.Contains("zeroing1", StringComparison.Ordinal),
            clipping: name.Contains("clipping1", StringComparison.Ordinal)),
        _ => new WeightedMean(),
    };

    private static (float[] Update, double Weight)[] Updates(int round) =>
    [
        .. Golden["inputs"]!["rounds"]![round]!.AsArray().Zip(
            GoldenJson.Leaves(Golden["inputs"]!["weights"]), (client, weight) => (GoldenJson.Leaves(client).ToArray(), (double)weight))
    ];

    private static (float[] Aggregate, AggregationResult Result) Run(
        IAggregator rule, AggregatorState state, IEnumerable<(float[] Update, double Weight)> clients)
    {
        var aggregation = rule.CreateAggregation(Layout);
        aggregation.Begin(state);
        foreach (var (update, weight) in clients) aggregation.Add("client", update, weight);
        var aggregate = new float[Layout.Length];
        return (aggregate, aggregation.Complete(aggregate));
    }

    // Upstream adds five products in float32, one after the other: up to nine roundings of 2^-24 of the largest partial sum, which may cancel, so the absolute
    // part is 1e-6 of the largest element.
    private static void AssertResult(JsonNode? expected, float[] actual, string place)
    {
        float[] values = [.. GoldenJson.Leaves(expected)];
        double absolute = 1e-6 * values.Max(Math.Abs);
        for (int i = 0; i < values.Length; i++) GoldenJson.AssertClose(values[i], actual[i], 1e-5, absolute, $"{place}, element {i}");
    }

    private static void AssertState(JsonNode? expected, AggregatorState actual, string place)
    {
        float[] numbers = [.. GoldenJson.Leaves(expected)], own = [.. GoldenJson.Leaves(actual)];
        Assert.Equal(numbers.Length, own.Length);
        for (int i = 0; i < numbers.Length; i++) GoldenJson.AssertClose(numbers[i], own[i], 1e-6, 0, $"{place}, state {i}");
    }
}
