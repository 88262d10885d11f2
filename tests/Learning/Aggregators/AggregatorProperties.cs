using FedPure.Learning.Models;
using FedPure.Tensors;
using FsCheck.Xunit;

namespace FedPure.Learning.Aggregators;

/// <summary>What holds of every rule, and of clipping and zeroing, for any updates of three parameters.</summary>
[Properties(MaxTest = 300)]
public class AggregatorProperties
{
    private const float Bound = 3f;

    private static readonly ParameterLayout Layout = new([("update", [3], false)]);

    private static readonly IAggregator[] Rules =
    [
        new UnweightedMean(), new Sum(),
        new Zeroing(NormBound.Fixed(Bound), new WeightedMean(), NormOrder.L1), new Clipping(NormBound.Fixed(Bound), new UnweightedMean()),
        RobustAggregator.Create(), RobustAggregator.Create(weighted: false, debugMeasurements: true),
    ];

    [Property]
    public bool AnyOrderAndGroupingGivesTheSameBitsStateAndMeasurements((float, float, float, byte)[] clients, int seed)
    {
        var updates = Updates(clients);
        var shuffled = updates.ToArray();
        var random = new System.Random(seed);
        random.Shuffle(shuffled);
        int cut = random.Next(updates.Length + 1);
        return Rules.All(rule => Run(rule, updates) == Run(rule, shuffled[cut..], shuffled[..cut]));
    }

    [Property]
    public bool ABrokenUpdateNeverReachesTheMeanOfARobustStack((float, float, float, byte)[] clients, int kind, int place)
    {
        float broken = new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity }[(uint)kind % 3];
        var updates = Updates(clients).ToList();
        int at = (int)((uint)place % (updates.Count + 1));
        var withZeros = updates.ToList();
        updates.Insert(at, ([1f, broken, 0f], 2));
        withZeros.Insert(at, ([0f, 0f, 0f], 2));

        // It is as if it had sent zeros, but for the norms and counts.
        return new[] { RobustAggregator.Create(), RobustAggregator.Create(zeroing: false), RobustAggregator.Create(clipping: false) }
            .All(
                rule => Run(rule, [.. updates]).Aggregate == Run(rule, [.. withZeros]).Aggregate
                    && !Run(rule, [.. updates]).Aggregate.Contains("NaN", StringComparison.Ordinal));
    }

    [Property]
    public bool AClippedNormIsAtMostTheBoundToRounding(float a, float b, float c, float bound)
    {
        float[] update = [a, b, c];
        bound = Math.Abs(bound);
        if (!float.IsFinite(bound) || !Vectors.AllFinite(update)) return true;
        var sum = Aggregate(new Clipping(NormBound.Fixed(bound), new Probe()), update);

        // The measured norm, the quotient, each element and the norm measured again round once each, the norms' sums by three more.
        return Vectors.NormL2(sum) <= bound * (1 + 12 * MathF.ScaleB(1, -24)) + float.Epsilon * 4;
    }

    [Property]
    public bool ClippingKeepsTheDirection(float a, float b, float c)
    {
        float[] update = [a, b, c];
        if (!Vectors.AllFinite(update) || !float.IsFinite(Vectors.NormL2(update))) return true;
        float[] clipped = Aggregate(new Clipping(NormBound.Fixed(1), new Probe()), update);
        double norm = Math.Sqrt(update.Sum(x => (double)x * x)), factor = norm > 1 ? 1 / norm : 1;
        return update.Zip(clipped).All(pair => Math.Abs(pair.First * factor - pair.Second) <= 1e-6 * Math.Abs(pair.First * factor) + float.Epsilon);
    }

    [Property]
    public bool ZeroingTwiceIsZeroingOnceAndClippingBelowTheBoundChangesNothing((float, float, float, byte)[] clients)
    {
        var updates = Updates(clients);
        var mean = new WeightedMean();
        return Enum.GetValues<NormOrder>().All(order =>
                Run(new Zeroing(NormBound.Fixed(Bound), new Zeroing(NormBound.Fixed(Bound), mean, order), order), updates).Aggregate
                == Run(new Zeroing(NormBound.Fixed(Bound), mean, order), updates).Aggregate)
            && Run(new Clipping(NormBound.Fixed(1e5f), mean), updates).Aggregate == Run(mean, updates).Aggregate;
    }

    [Property]
    public bool ScalingUpdatesAndBoundByAPowerOfTwoScalesTheAggregate((float, float, float, byte)[] clients)
    {
        var updates = Updates(clients);
        var scaled = updates.Select(client => (client.Update.Select(x => x * 4).ToArray(), client.Weight)).ToArray();
        return new Func<float, IAggregator>[] { b => new Zeroing(NormBound.Fixed(b), new Sum()), b => new Clipping(NormBound.Fixed(b), new Sum()) }
            .All(rule => Run(rule(4 * Bound), scaled).Values.SequenceEqual(Run(rule(Bound), updates).Values.Select(x => x * 4)));
    }

    [Property]
    public bool UnweightedRulesIgnoreTheWeights((float, float, float, byte)[] clients)
    {
        var updates = Updates(clients);
        var unit = updates.Select(client => (client.Update, 1.0)).ToArray();
        return new IAggregator[] { new UnweightedMean(), new Sum(), RobustAggregator.Create(weighted: false) }.All(
            rule => Run(rule, updates) == Run(rule, unit))
            && (updates.Length == 0 || Run(new UnweightedMean(), updates).Aggregate == Run(new WeightedMean(), unit).Aggregate);
    }

    [Property]
    public bool ARoundOfAnyNormsKeepsTheBoundsUsable((float, float, float, byte)[] clients, float extreme)
    {
        var rule = RobustAggregator.Create();
        var state = rule.Initialize(Layout);
        (float[], double)[][] rounds =
            [[.. clients.Select(client => (new[] { client.Item1, client.Item2, client.Item3 }, (double)client.Item4))], [([extreme, 1e30f, 0f], 1)], []];
        foreach (var round in rounds)
        {
            var aggregation = rule.CreateAggregation(Layout);
            aggregation.Begin(state);
            foreach (var (update, weight) in round) aggregation.Add("client", update, weight);
            state = aggregation.Complete(new float[3]).State;
        }

        return GoldenJson.Leaves(state).All(number => number is > 0 and < float.PositiveInfinity);
    }

    // Multiples of 2^-10 up to 2^7 or so: sums of them are exact, which scaling needs.
    private static (float[] Update, double Weight)[] Updates((float, float, float, byte)[] clients) =>
        [.. clients.Select(client => (new[] { Tame(client.Item1), Tame(client.Item2), Tame(client.Item3) }, (double)client.Item4))];

    private static float Tame(float value) => float.IsFinite(value) ? MathF.Round(value % 32 * 1024) / 1024 : 0f;

    private static float[] Aggregate(IAggregator rule, float[] update)
    {
        var aggregation = rule.CreateAggregation(Layout);
        aggregation.Begin(rule.Initialize(Layout));
        aggregation.Add("client", update, 1);
        var aggregate = new float[3];
        aggregation.Complete(aggregate);
        return aggregate;
    }

    private static Outcome Run(IAggregator rule, params (float[] Update, double Weight)[][] workers)
    {
        var state = rule.Initialize(Layout);
        var total = rule.CreateAggregation(Layout);
        total.Begin(state);
        for (int w = 0; w < workers.Length; w++)
        {
            // The first worker's aggregation takes the others in, so that a round of one is never merged.
            var worker = w == 0 ? total : rule.CreateAggregation(Layout);
            if (w > 0) worker.Begin(state);
            foreach (var (update, weight) in workers[w]) worker.Add("client", update, weight);
            if (w > 0) total.Merge(worker);
        }

        var aggregate = new float[3];
        var result = total.Complete(aggregate);
        return new Outcome(
            result.Problem ?? string.Join(' ', aggregate.Select(BitConverter.SingleToInt32Bits)), result.State, result.Measurements.ToString())
        { Values = aggregate };
    }

    private sealed record Outcome(string Aggregate, AggregatorState State, string Measurements)
    {
        public float[] Values { get; init; } = [];

        public bool Equals(Outcome? other) =>
            other is not null && (Aggregate, Measurements) == (other.Aggregate, other.Measurements) && State.Equals(other.State);

        public override int GetHashCode() => Aggregate.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Hands on the one update that it gets, of any size.</summary>
    private sealed class Probe : IAggregator
    {
        public AggregatorState Initialize(ParameterLayout layout) => new Sum().Initialize(layout);

        public IAggregation CreateAggregation(ParameterLayout layout) => new Aggregation();

        private sealed class Aggregation : IAggregation
        {
            private float[] _update = [];

            public void Begin(AggregatorState state) => _update = [];

            public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending) => _update = update.ToArray();

            public void Merge(IAggregation other) => throw new NotSupportedException();

            public AggregationResult Complete(Span<float> aggregate)
            {
                _update.CopyTo(aggregate);
                return new AggregationResult(new Sum().Initialize(Layout), Metrics.MetricTree.Empty, null);
            }
        }
    }
}
