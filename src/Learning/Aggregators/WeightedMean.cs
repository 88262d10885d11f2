using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Σ weight·update / Σ weight (McMahan et al., 2017, Algorithm 1), computed exactly over integers as <see cref="FixedPoint"/> describes: the same bits for any
/// order of clients and any number of workers. With K clients of total weight W each mean is within K·2^-61/W of the exact one before its one rounding to
/// float32, and is the exact one for integer weights up to 2^29 and updates that are 0 or at least 2^-37.
/// </summary>
public sealed class WeightedMean : IAggregator
{
    private static readonly AggregatorState Stateless =
        new StatelessAggregator(new StructureType(("value_sum_process", StructureType.Empty), ("weight_sum_process", StructureType.Empty)));

    private static readonly MetricTree Measurements = new(("mean_value", MetricTree.Empty), ("mean_weight", MetricTree.Empty));

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => Stateless;

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new Aggregation(layout.Length);
    }

    private sealed class Aggregation(int length) : IAggregation
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

        public void Add(string clientId, ReadOnlySpan<float> update, double weight)
        {
            if (weight < 0) throw new ArgumentOutOfRangeException(nameof(weight), weight, "A client's weight is at least 0.");
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
            var that = (Aggregation)other;
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
            string? problem = this switch
            {
                { _overflow: true } => "an update times its weight is not finite or reached 2^31",
                { _terms: > FixedPoint.MaxTerms } => $"there are more than {FixedPoint.MaxTerms} clients",
                { _sizeBound: >= (long)FixedPoint.SumLimit } => "the updates times their weights come to 2^43 or more",
                _ when FixedPointMean.Total(_weightHigh, _weightLow) == 0 => "the clients' weights come to 0",
                _ => null,
            };
            if (problem is null) FixedPointMean.Divide(_high, _low, _weightHigh, _weightLow, aggregate);
            return new AggregationResult(Stateless, Measurements, problem);
        }
    }
}
