using System.Text.Json.Nodes;
using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>Compares states and measurements with those that TensorFlow Federated recorded as JSON.</summary>
internal static class GoldenJson
{
    /// <summary>The numbers of nested arrays and objects, in order.</summary>
    public static IEnumerable<float> Leaves(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Leaves(field.Value)),
        JsonArray items => items.SelectMany(Leaves),
        _ => [(float)Golden.Number(node!)],
    };

    /// <summary>The type that such a state prints: every number in these states is a float32.</summary>
    public static string TypeOf(JsonNode? node) => node switch
    {
        JsonObject fields => "<" + string.Join(',', fields.Select(field => $"{field.Key}={TypeOf(field.Value)}")) + ">",
        JsonArray items => "<" + string.Join(',', items.Select(TypeOf)) + ">",
        _ => "float32",
    };

    /// <summary>The numbers of a state in the order of its printed type.</summary>
    public static IEnumerable<float> Leaves(AggregatorState state) => state switch
    {
        NormBoundState bounded => [.. Leaves(bounded.Bound), .. Leaves(bounded.Inner)],
        QuantileState quantile => [quantile.CurrentEstimate, quantile.TargetQuantile, quantile.LearningRate],
        _ => [],
    };

    /// <summary>Names, order and nesting are equal, counts too, and float32 numbers are within 1e-5 relative.</summary>
    public static void AssertMeasurements(JsonNode? expected, MetricNode actual, string place)
    {
        if (expected is JsonArray { Count: 0 } or JsonObject)
        {
            var fields = expected as JsonObject ?? [];
            var tree = Assert.IsType<MetricTree>(actual);
            Assert.Equal(fields.Select(field => field.Key), tree.Entries.Select(entry => entry.Key));
            foreach (var (name, node) in tree) AssertMeasurements(fields[name], node, $"{place}/{name}");
            return;
        }

        var value = Assert.IsType<MetricValue>(actual);
        Assert.Equal(place.EndsWith("_count", StringComparison.Ordinal) ? MetricType.Int32 : MetricType.Float32, value.Type);
        AssertClose(Golden.Number(expected!), value.Value, value.Type == MetricType.Int32 ? 0 : 1e-5, 0, place);
    }

    public static void AssertClose(double expected, double actual, double relative, double absolute, string place) =>
        Golden.AssertClose(expected, actual, absolute + relative * Math.Abs(expected), place);
}
