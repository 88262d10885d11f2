using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>Zeroing and clipping by hand-computable examples, the first ones those of TensorFlow Federated's own tests.</summary>
public class NormBoundTests
{
    private static readonly ParameterLayout Wide = new([("update", [7850], false)]);

    [Fact]
    public void AGrowingBoundHoldsFromTheNextRoundOn()
    {
        // Values 1, 3, 5 beneath bounds 1, 2, 3.
        AssertRounds(new Clipping(new GrowingBound(1, 1), new Sum()), [1, 3, 5], [3, 5, 7], "clipped_count", [2, 2, 1]);
        AssertRounds(new Zeroing(new GrowingBound(1, 1), new Sum()), [.5f, 1.5f, 2.5f], [.5f, 2, 4.5f], "zeroed_count", [2, 1, 0]);
    }

    [Fact]
    public void WrappingOrderIsExecutionOrder()
    {
        var zeroingOutside = new Zeroing(new GrowingBound(1, .75f), new Clipping(new GrowingBound(1, .25f), new Sum()));
        AssertRounds(zeroingOutside, [1, 2, 3], [1, 1, 2.5f, 4.5f, 5], "zeroed_count", [2, 2, 1, 0, 0]);
        AssertRounds(zeroingOutside, [1, 2, 3], [1, 1, 2.5f, 4.5f, 5], "zeroing/clipped_count", [0, 0, 1, 2, 1]);

        // The other way round a 3 is clipped to 2 before zeroing sees it.
        AssertRounds(new Zeroing(NormBound.Fixed(2), new Clipping(NormBound.Fixed(2), new Sum())), [3], [0], "zeroed_count", [1]);
        AssertRounds(new Clipping(NormBound.Fixed(2), new Zeroing(NormBound.Fixed(2), new Sum())), [3], [2], "clipping/zeroed_count", [0]);
    }

    [Fact]
    public void AZeroedClientKeepsItsWeightAndANormEqualToTheBoundPasses()
    {
        var aggregation = Scalars.Begin(new Zeroing(NormBound.Fixed(2), new WeightedMean()));
        foreach (var (value, weight) in new[] { (1f, 1.0), (2f, 2.0), (5f, 2.0) }) aggregation.Add("client", [value], weight);
        Assert.Equal((1f, 1), Complete(aggregation, "zeroed_count"));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    [InlineData(float.MaxValue)]
    public void BrokenAndHugeUpdatesAreBeyondEveryBound(float value)
    {
        var inner = new WeightedMean();
        foreach (var order in Enum.GetValues<NormOrder>())
        {
            var zeroing = Scalars.Begin(new Zeroing(NormBound.Fixed(21), inner, order));
            zeroing.Add("broken", [value], 1);
            zeroing.Add("client", [4f], 3);
            Assert.Equal((3f, 1), Complete(zeroing, "zeroed_count"));
        }

        var clipping = Scalars.Begin(new Clipping(NormBound.Fixed(1), inner));
        clipping.Add("broken", [value], 1);
        clipping.Add("client", [1f], 3);
        Assert.Equal((float.IsFinite(value) ? 1f : .75f, 1), Complete(clipping, "clipped_count"));

        // No bound, however large a rule of one's own makes it, lets a value through that is not finite.
        var endless = Scalars.Begin(new Clipping(new GrowingBound(float.PositiveInfinity, 0), inner));
        endless.Add("broken", [float.IsFinite(value) ? 4 : value], 1);
        endless.Add("client", [4f], 1);
        Assert.Equal(float.IsFinite(value) ? (4f, 0) : (2f, 1), Complete(endless, "clipped_count"));
    }

    [Fact]
    public void NormsThatAreNotFiniteAreNoPartOfTheEstimate()
    {
        var bound = new QuantileBound(1f, 0.5f, 0.3f);
        foreach (IAggregator rule in new IAggregator[] { new Zeroing(bound, new WeightedMean()), new Clipping(bound, new WeightedMean()) })
        {
            Assert.Equal(State(rule, 0.5f, 2f), State(rule, 0.5f, float.NaN, 2f, float.PositiveInfinity));
            Assert.Equal(rule.Initialize(Scalars.Layout), State(rule));
            Assert.Equal(rule.Initialize(Scalars.Layout), State(rule, float.NaN));
        }
    }

    [Fact]
    public void ABoundOfZeroMakesZeros()
    {
        var aggregation = Scalars.Begin(new Clipping(NormBound.Fixed(0), new WeightedMean()));
        aggregation.Add("client", [-1e-30f], 1);
        aggregation.Add("zero", [0f], 1);
        Assert.Equal((0f, 1), Complete(aggregation, "clipped_count"));
    }

    [Fact]
    public void AddAllocatesNothing()
    {
        var rule = RobustAggregator.Create(debugMeasurements: true);
        var aggregation = rule.CreateAggregation(Wide);
        aggregation.Begin(rule.Initialize(Wide));
        float[] small = new float[Wide.Length], large = new float[Wide.Length], huge = new float[Wide.Length];
        Array.Fill(small, 1e-3f);
        Array.Fill(large, 1f);
        Array.Fill(huge, float.NaN);
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (float[] update in (ReadOnlySpan<float[]>)[small, large, huge]) aggregation.Add("client", update, 2);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
        var result = aggregation.Complete(new float[Wide.Length]);
        Assert.Null(result.Problem);
        Assert.Equal(5, result.Measurements["zeroed_count"]);
    }

    [Fact]
    public void DebugMeasurementsAreUnbiasedAndHaveNoneOfOneClient()
    {
        // TensorFlow Federated's own example: 1, 3 and 0 have the sample variance 7/3.
        var three = Scalars.Begin(new DebugMeasurements(new UnweightedMean(), weighted: false));
        foreach (float value in new[] { 1f, 3f, 0f }) three.Add("client", [value], 1);
        Assert.Equal((float)Math.Sqrt(7.0 / 3), three.Complete(new float[1]).Measurements["std_dev_client_norm"], 6);
        var one = Scalars.Begin(new DebugMeasurements(new WeightedMean()));
        one.Add("client", [-1f], 3);
        var measurements = one.Complete(new float[1]).Measurements;
        Assert.Equal((1.0, 0.0, -1.0), (measurements["average_client_norm"], measurements["std_dev_client_norm"], measurements["server_update_max"]));

        // No client: no aggregate to measure.
        var none = Scalars.Begin(new DebugMeasurements(new WeightedMean())).Complete(new float[1]).Measurements;
        Assert.Equal((0.0, double.NaN), (none["average_client_norm"], none["server_update_norm"]));
    }

    private static AggregatorState State(IAggregator rule, params float[] values)
    {
        var aggregation = Scalars.Begin(rule);
        foreach (float value in values) aggregation.Add("client", [value], 1);
        return aggregation.Complete(new float[1]).State;
    }

    private static (float Aggregate, int Count) Complete(IAggregation aggregation, string count)
    {
        var aggregate = new float[1];
        var result = aggregation.Complete(aggregate);
        Assert.Null(result.Problem);
        return (aggregate[0], (int)result.Measurements[count]);
    }

    private static void AssertRounds(IAggregator rule, float[] values, float[] sums, string count, int[] counts)
    {
        var state = rule.Initialize(Scalars.Layout);
        var aggregation = rule.CreateAggregation(Scalars.Layout);
        for (int round = 0; round < sums.Length; round++)
        {
            aggregation.Begin(state);
            foreach (float value in values) aggregation.Add("client", [value], 1);
            var sum = new float[1];
            var result = aggregation.Complete(sum);
            Assert.Equal((sums[round], counts[round]), (sum[0], result.Measurements[count]));
            state = result.State;
        }
    }

    /// <summary>A bound that grows by a step a round.</summary>
    private sealed record GrowingBound(float First, float Step) : NormBound
    {
        public override AggregatorState Initialize() => new GrowingState(First);

        public override float Report(AggregatorState state) => ((GrowingState)state).Norm;

        public override AggregatorState Next(AggregatorState state, int below, int count) => new GrowingState(Report(state) + Step);
    }

    private sealed record GrowingState(float Norm) : AggregatorState
    {
        public override TypeSignature Signature => TensorType.Float32;
    }
}
