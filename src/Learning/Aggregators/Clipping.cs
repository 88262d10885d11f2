using System.Numerics.Tensors;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Scales an update whose L2 norm, over all parameters together, is beyond a bound c down to it: x / (‖x‖/c), as TensorFlow Federated computes it. The norm
/// after it is c to within float32 rounding. An update whose norm is not finite becomes zeros. The weight is kept.
/// </summary>
/// <param name="bound">The largest norm that is passed on.</param>
/// <param name="inner">The rule that gets what is passed on.</param>
public sealed class Clipping(NormBound bound, IAggregator inner) : IAggregator
{
    private readonly NormBound _bound = bound ?? throw new ArgumentNullException(nameof(bound));
    private readonly IAggregator _inner = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public int LeastUpdates => _inner.LeastUpdates;

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => new NormBoundState(NormBoundNames.Clipping, _bound.Initialize(), _inner.Initialize(layout));

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new Aggregation(_bound, _inner.CreateAggregation(layout), layout.TrainableLength);
    }

    private sealed class Aggregation(NormBound bound, IAggregation inner, int length) : NormBoundAggregation(NormBoundNames.Clipping, bound, inner)
    {
        private readonly float[] _clipped = new float[length];

        protected override float Norm(ReadOnlySpan<float> update) => Vectors.NormL2(update);

        protected override ReadOnlySpan<float> Replace(ReadOnlySpan<float> update, float norm, float limit)
        {
            // A bound of 0, or one tiny beside the norm, makes the quotient infinite and every element 0.
            if (float.IsFinite(norm)) TensorPrimitives.Divide(update, norm / limit, _clipped);
            else Array.Clear(_clipped);
            return _clipped;
        }
    }
}
