using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>Which norm of an update is measured.</summary>
public enum NormOrder
{
    /// <summary>Σ |x|.</summary>
    L1,

    /// <summary>√Σ x².</summary>
    L2,

    /// <summary>max |x|.</summary>
    Infinity,
}

/// <summary>
/// Passes zeros on in the place of an update whose norm, over all parameters together, is beyond a bound or not finite. The update's weight is kept, as in
/// TensorFlow Federated: a zeroed client still pulls the mean towards 0, so that how many a round zeroes cannot raise what the others count.
/// </summary>
/// <param name="bound">The largest norm that is passed on.</param>
/// <param name="inner">The rule that gets what is passed on.</param>
/// <param name="order">Which norm.</param>
public sealed class Zeroing(NormBound bound, IAggregator inner, NormOrder order = NormOrder.Infinity) : IAggregator
{
    private readonly NormBound _bound = bound ?? throw new ArgumentNullException(nameof(bound));
    private readonly IAggregator _inner = inner ?? throw new ArgumentNullException(nameof(inner));
    private readonly NormOrder _order = Enum.IsDefined(order)
        ? order : throw new ArgumentOutOfRangeException(nameof(order), order, "The norm is L1, L2 or Infinity.");

    /// <inheritdoc/>
    public int LeastUpdates => _inner.LeastUpdates;

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => new NormBoundState(NormBoundNames.Zeroing, _bound.Initialize(), _inner.Initialize(layout));

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new Aggregation(_bound, _inner.CreateAggregation(layout), _order, layout.TrainableLength);
    }

    private sealed class Aggregation(NormBound bound, IAggregation inner, NormOrder order, int length)
        : NormBoundAggregation(NormBoundNames.Zeroing, bound, inner)
    {
        private readonly float[] _zeros = new float[length];

        protected override float Norm(ReadOnlySpan<float> update) => order switch
        {
            NormOrder.L1 => Vectors.NormL1(update),
            NormOrder.L2 => Vectors.NormL2(update),
            _ => Vectors.NormInf(update),
        };

        protected override ReadOnlySpan<float> Replace(ReadOnlySpan<float> update, float norm, float limit) => _zeros;
    }
}
