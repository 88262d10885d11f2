using FedPure.Learning.Models;

namespace FedPure.Learning.Aggregators;

/// <summary>Updates of one parameter.</summary>
internal static class Scalars
{
    public static ParameterLayout Layout { get; } = new([("value", [], false)]);

    public static IAggregation Begin(IAggregator rule)
    {
        var aggregation = rule.CreateAggregation(Layout);
        aggregation.Begin(rule.Initialize(Layout));
        return aggregation;
    }
}
