using FedPure.Learning.Aggregators;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Asynchrony;

/// <summary>Error feedback where a quick client is in a buffer several times.</summary>
public class ErrorFeedbackTests
{
    private const int Buffer = 6, Rounds = 12;

    /// <summary>
    /// With staleness that does not count and a server that steps by 1, buffers of equal results move the model by Σ sent / K in all: that is (Σ update - Σ
    /// memory) / K, whatever was sent when.
    /// </summary>
    [Fact]
    public void AllIsSentInTheEnd()
    {
        var recording = new Recording(new Compression(new TopK(0.25), new WeightedMean(), errorFeedback: true));
        var clock = new VirtualClock { Speed = new ExponentialSpeed(1), Concurrency = 3 };
        var process = FedBuff.Build(GoldenProblems.Softmax, new Sgd(0.1f), Buffer, staleness: new ConstantStaleness(), clock: clock, aggregator: recording);
        var initial = process.Initialize();
        var state = initial;
        bool twice = false;
        for (int round = 0; round < Rounds; round++)
        {
            var result = process.Next(state, GoldenProblems.Clients);
            Assert.Null(result.Problem);
            twice |= result.Arrivals!.Value.Distinct().Count() < Buffer;
            state = result.State;
        }

        Assert.True(twice);
        Assert.Equal(Rounds * Buffer, recording.Updates.Count);
        var memory = ((CompressionState)state.Aggregator).Memory.Values;
        Assert.Contains(memory, left => left.Any(value => Math.Abs(value) > 1e-3));
        for (int i = 0; i < initial.GlobalModelWeights.Trainable.Length; i++)
        {
            double sent = recording.Updates.Sum(update => (double)update[i]) - memory.Sum(left => (double)left[i]);
            double moved = initial.GlobalModelWeights.Trainable[i] - (double)state.GlobalModelWeights.Trainable[i];

            // A rounding of numbers below 1 is at most 2^-25: a round has that of adding what is remembered, in the mean of its results, that of their mean,
            // and that of the step. What top-k keeps and leaves is exact.
            Assert.InRange(Math.Abs(moved), 0, 1);
            Assert.Equal(sent / Buffer, moved, 3 * Rounds * Math.ScaleB(1, -25));
        }
    }

    [Fact]
    public void ARuleThatTakesMoreUpdatesThanABufferHoldsIsRefused()
    {
        IAggregator krum = new Clipping(NormBound.Fixed(1), new Compression(new TopK(0.5), new Krum(hostile: 1)));
        Assert.Equal(5, krum.LeastUpdates);
        Assert.Equal(9, new Zeroing(NormBound.Fixed(1), new DebugMeasurements(new Krum(hostile: 1, selected: 9))).LeastUpdates);
        Assert.Equal(11, new Bulyan(2).LeastUpdates);
        Assert.Equal(int.MaxValue, new Krum(int.MaxValue).LeastUpdates);
        Assert.All((IAggregator[])[new WeightedMean(), new CoordinateMedian(), RobustAggregator.Create()], rule => Assert.Equal(1, rule.LeastUpdates));
        FedBuff.Build(GoldenProblems.Softmax, new Sgd(0.1f), 5, aggregator: krum);
        var error = Assert.Throws<ArgumentException>(() => FedBuff.Build(GoldenProblems.Softmax, new Sgd(0.1f), 4, aggregator: krum));
        Assert.StartsWith(
            "The aggregator takes at least 5 updates, but the server takes 4 at a time: choose a larger buffer, or another rule.", error.Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FedAsync.Build(GoldenProblems.Softmax, new Sgd(0.1f), aggregator: new Bulyan(1)));
    }

    /// <summary>Keeps the updates that come, before another rule.</summary>
    private sealed class Recording(IAggregator inner) : IAggregator
    {
        public List<float[]> Updates { get; } = [];

        public AggregatorState Initialize(ParameterLayout layout) => inner.Initialize(layout);

        public IAggregation CreateAggregation(ParameterLayout layout) => new Aggregation(Updates, inner.CreateAggregation(layout));

        private sealed class Aggregation(List<float[]> updates, IAggregation inner) : IAggregation
        {
            public void Begin(AggregatorState state) => inner.Begin(state);

            public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
            {
                updates.Add(update.ToArray());
                inner.Add(clientId, update, weight, sending);
            }

            public void Merge(IAggregation other) => throw new NotSupportedException();

            public AggregationResult Complete(Span<float> aggregate) => inner.Complete(aggregate);
        }
    }
}
