using FedPure.Learning.Metrics;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>What a rule makes of a sum of updates.</summary>
internal enum SumRule
{
    /// <summary>Σ weight·update / Σ weight.</summary>
    WeightedMean,

    /// <summary>Σ update / number of updates.</summary>
    UnweightedMean,

    /// <summary>Σ update; zeros without updates.</summary>
    Sum,

    /// <summary>Σ weight·update / a divisor that is known beforehand; zeros without updates.</summary>
    PopulationMean,
}

/// <summary>
/// The sum of updates over integers, as <see cref="FixedPoint"/> describes, and the mean or sum made of it. It is the innermost aggregation of every rule.
/// </summary>
internal sealed class FixedPointAggregation(SumRule rule, int length, AggregatorState state, MetricTree measurements, double divisor = 1) : IAggregation
{
    private readonly long[] _high = new long[length], _low = new long[length];
    private long _weightHigh, _weightLow, _sizeBound;
    private int _terms;
    private bool _overflow;

    public void Begin(AggregatorState state)
    {
        Array.Clear(_high);
        Array.Clear(_low);
        (_weightHigh, _weightLow, _sizeBound, _terms, _overflow) = (0, 0, 0, 0, false);
    }

    public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
    {
        if (weight < 0) throw new ArgumentOutOfRangeException(nameof(weight), weight, "A client's weight is at least 0.");
        if (rule is SumRule.UnweightedMean or SumRule.Sum) weight = 1;
        if (weight == 0) return;
        double largest = Math.Max(FixedPoint.AddScaled(update, weight, _high, _low), weight);
        if (!(largest < FixedPoint.ProductLimit))
        {
            _overflow = true;
            return;
        }

        (long high, long low) = FixedPoint.Split(weight);
        _weightHigh += high;
        _weightLow += low;

        // An integer too, so that whether the limit is passed depends on the clients and not on their order.
        _sizeBound += (long)Math.Ceiling(largest);
        _terms++;
    }

    public void Merge(IAggregation other)
    {
        var that = (FixedPointAggregation)other;
        for (int i = 0; i < _high.Length; i++)
        {
            _high[i] += that._high[i];
            _low[i] += that._low[i];
        }

        _weightHigh += that._weightHigh;
        _weightLow += that._weightLow;
        _sizeBound += that._sizeBound;
        _terms += that._terms;
        _overflow |= that._overflow;
    }

    public AggregationResult Complete(Span<float> aggregate)
    {
        // A sum is the quotient by 1, which is also the one way from the integers to float32 with a single rounding.
        (long divisorHigh, long divisorLow) = rule is SumRule.Sum or SumRule.PopulationMean ? FixedPoint.Split(divisor) : (_weightHigh, _weightLow);
        string? problem = this switch
        {
            { _overflow: true } => "an update times its weight is not finite or reached 2^31",
            { _terms: > FixedPoint.MaxTerms } => $"there are more than {FixedPoint.MaxTerms} clients",
            { _sizeBound: >= (long)FixedPoint.SumLimit } => "the updates times their weights come to 2^43 or more",
            _ when FixedPointMean.Total(divisorHigh, divisorLow) == 0 => "the clients' weights come to 0",
            _ => null,
        };
        if (problem is null) FixedPointMean.Divide(_high, _low, divisorHigh, divisorLow, aggregate);
        return new AggregationResult(state, measurements, problem);
    }
}
