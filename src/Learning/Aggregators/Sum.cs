using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Aggregators;

/// <summary>Σ update, whatever the weights; zeros without clients. Exact before its one rounding for updates that are 0 or at least 2^-37.</summary>
public sealed class Sum : IAggregator
{
    private static readonly AggregatorState Stateless = new StatelessAggregator(StructureType.Empty);

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => Stateless;

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new FixedPointAggregation(SumRule.Sum, layout.TrainableLength, Stateless, MetricTree.Empty);
    }
}
