using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Σ weight·update / the weight of a whole population, in which clients that are not added count as zeros; zeros without clients. As exact as
/// <see cref="WeightedMean"/>.
/// </summary>
internal sealed class PopulationMean(double totalWeight) : IAggregator
{
    public static AggregatorState Stateless { get; } = new StatelessAggregator(StructureType.Empty);

    public AggregatorState Initialize(ParameterLayout layout) => Stateless;

    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new FixedPointAggregation(SumRule.PopulationMean, layout.TrainableLength, Stateless, MetricTree.Empty, totalWeight);
    }
}
