using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Σ update / number of updates: every client that was added counts once, whatever its weight, one without examples too, as in TensorFlow Federated. Exact
/// before its one rounding for updates that are 0 or at least 2^-37, as <see cref="WeightedMean"/> is.
/// </summary>
public sealed class UnweightedMean : IAggregator
{
    private static readonly AggregatorState Stateless = new StatelessAggregator(new StructureType((null, StructureType.Empty), (null, StructureType.Empty)));

    private static readonly MetricTree Measurements = new(("mean_value", MetricTree.Empty), ("mean_count", MetricTree.Empty));

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => Stateless;

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new FixedPointAggregation(SumRule.UnweightedMean, layout.TrainableLength, Stateless, Measurements);
    }
}
