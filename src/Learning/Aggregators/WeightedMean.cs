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
        return new FixedPointAggregation(SumRule.WeightedMean, layout.TrainableLength, Stateless, Measurements);
    }
}
