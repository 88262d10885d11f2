using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>Up to which norm an update is trusted. What it learns from the norms of a round holds from the next round on.</summary>
public abstract record NormBound
{
    /// <summary>A bound that stays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public static NormBound Fixed(float norm) => new FixedNormBound(norm);

    /// <summary>The state before the first round.</summary>
    public abstract AggregatorState Initialize();

    /// <summary>The bound in a round with this state.</summary>
    public abstract float Report(AggregatorState state);

    /// <summary>What the round's norms are counted against: <see cref="Next"/> is told how many are at most this.</summary>
    public virtual float Estimate(AggregatorState state) => Report(state);

    /// <summary>The state after a round: of <paramref name="count"/> finite norms, at least one, <paramref name="below"/> were at most the estimate.</summary>
    public abstract AggregatorState Next(AggregatorState state, int below, int count);

    private sealed record FixedNormBound : NormBound
    {
        private static readonly AggregatorState Stateless = new StatelessAggregator(StructureType.Empty);

        private readonly float _norm;

        public FixedNormBound(float norm) =>
            _norm = norm is >= 0 and <= float.MaxValue
                ? norm : throw new ArgumentOutOfRangeException(nameof(norm), norm, "A bound on a norm is finite and at least 0.");

        public override AggregatorState Initialize() => Stateless;

        public override float Report(AggregatorState state) => _norm;

        public override AggregatorState Next(AggregatorState state, int below, int count) => state;
    }
}
