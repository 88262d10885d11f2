using System.Collections.Immutable;
using FedPure.Learning.Metrics;

namespace FedPure.Reporting;

/// <summary>A number of a tree of metrics.</summary>
/// <param name="Path">The names that lead to it; the elements of an array are numbered: confusion_matrix/0, confusion_matrix/1, ...</param>
/// <param name="Type">Its number type.</param>
/// <param name="Value">The number.</param>
internal readonly record struct MetricLeaf(ImmutableArray<string> Path, MetricType Type, double Value)
{
    /// <summary>Such as mean_value/clipping_norm.</summary>
    public string Name => string.Join('/', Path);

    /// <summary>The numbers in the order of the tree.</summary>
    public static IEnumerable<MetricLeaf> Of(MetricTree tree) => tree.Entries.SelectMany(entry => entry.Value switch
    {
        MetricTree branch => Of(branch).Select(leaf => leaf with { Path = leaf.Path.Insert(0, entry.Key) }),
        MetricArray array => array.Values.Select((value, i) => new MetricLeaf([$"{entry.Key}/{i}"], array.Type, value)),
        MetricValue number => [new MetricLeaf([entry.Key], number.Type, number.Value)],
        _ => [],
    });
}
