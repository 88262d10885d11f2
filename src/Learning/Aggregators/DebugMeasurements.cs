using System.Numerics.Tensors;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Adds to the inner rule's measurements the mean and standard deviation of the L2 norms N of the updates that reach it, and the largest element, L2 norm and
/// smallest element of the aggregate; the updates pass unchanged. With weights w, a = Σw and b = Σw²: mean E[N] = Σ w·N / a and variance a²/(a² - b)·(E[N²] -
/// E[N]²), which is unbiased for equal weights; both are 0 where they have no meaning, and the aggregate's are NaN where there is none. Sums are exact, so
/// order-independent.
/// </summary>
/// <param name="inner">The rule that gets the updates.</param>
/// <param name="weighted">Whether norms count by their clients' weights; if not, all alike, as for an unweighted inner rule.</param>
public sealed class DebugMeasurements(IAggregator inner, bool weighted = true) : IAggregator
{
    private readonly IAggregator _inner = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public int LeastUpdates => _inner.LeastUpdates;

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => _inner.Initialize(layout);

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout) => new Aggregation(_inner.CreateAggregation(layout), weighted);

    private sealed class Aggregation(IAggregation inner, bool weighted) : IAggregation
    {
        private readonly ExactSum _weights = new(), _squaredWeights = new(), _norms = new(), _squaredNorms = new();

        public void Begin(AggregatorState state)
        {
            inner.Begin(state);
            _weights.Clear();
            _squaredWeights.Clear();
            _norms.Clear();
            _squaredNorms.Clear();
        }

        public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
        {
            inner.Add(clientId, update, weight, sending);
            double norm = Vectors.NormL2(update), w = weighted ? weight : 1;
            _weights.Add(w);
            _squaredWeights.Add(w * w);
            _norms.Add(w * norm);
            _squaredNorms.Add(w * norm * norm);
        }

        public void Merge(IAggregation other)
        {
            var that = (Aggregation)other;
            inner.Merge(that.Inner);
            _weights.Merge(that._weights);
            _squaredWeights.Merge(that._squaredWeights);
            _norms.Merge(that._norms);
            _squaredNorms.Merge(that._squaredNorms);
        }

        public AggregationResult Complete(Span<float> aggregate)
        {
            var result = inner.Complete(aggregate);
            double a = _weights.Round(), free = a * a - _squaredWeights.Round();
            double mean = Quotient(_norms.Round(), a), spread = Math.Max(Quotient(_squaredNorms.Round(), a) - mean * mean, 0);
            bool written = result.Problem is null;
            return result with
            {
                Measurements = new MetricTree(
                [
                    .. result.Measurements.Entries,
                    Float("average_client_norm", mean),
                    Float("std_dev_client_norm", Math.Sqrt(Quotient(a * a, free) * spread)),
                    Float("server_update_max", written ? TensorPrimitives.Max(aggregate) : float.NaN),
                    Float("server_update_norm", written ? Vectors.NormL2(aggregate) : float.NaN),
                    Float("server_update_min", written ? TensorPrimitives.Min(aggregate) : float.NaN),
                ]),
            };
        }

        private IAggregation Inner => inner;

        private static double Quotient(double numerator, double denominator) => denominator == 0 ? 0 : numerator / denominator;

        private static KeyValuePair<string, MetricNode> Float(string name, double value) => new(name, new MetricValue(MetricType.Float32, value));
    }
}
