using System.Text.Json.Nodes;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace FedPure.Learning;

/// <summary>Comparisons with recorded values: float32 in nine digits, non-finite numbers as strings, empty structures as [] or {}.</summary>
internal static class Golden
{
    public static double Number(JsonNode node) => node.GetValueKind() == System.Text.Json.JsonValueKind.String
        ? node.GetValue<string>().ToUpperInvariant() switch
        {
            "NAN" => double.NaN,
            "INFINITY" or "INF" => double.PositiveInfinity,
            _ => double.NegativeInfinity,
        }
        : node.GetValue<double>();

    /// <summary>The numbers of nested arrays in order.</summary>
    public static float[] Floats(JsonNode node) => node is JsonArray array ? [.. array.SelectMany(item => Floats(item!))] : [(float)Number(node)];

    /// <summary>Same names, order and nesting; losses within a relative tolerance; all else, integers and accuracies, to the last digit of float32.</summary>
    public static void AssertMetrics(JsonNode golden, MetricTree metrics, double lossTolerance, string where)
    {
        var expected = golden is JsonObject entries ? entries.Where(entry => entry.Key is not ("round" or "clients")).ToList() : [];
        Assert.Equal(expected.Select(entry => entry.Key), metrics.Entries.Select(entry => entry.Key));
        foreach (var ((name, value), (_, node)) in expected.Zip(metrics.Entries))
        {
            string path = $"{where}: {name}";
            if (node is MetricTree tree) AssertMetrics(value!, tree, lossTolerance, path);
            else AssertClose((float)Number(value!), ((MetricValue)node).Value, name == "loss" ? lossTolerance * Math.Abs(Number(value!)) : 0, path);
        }
    }

    /// <summary>The state's global_model_weights as {trainable, non_trainable}, each a list of arrays in canonical order.</summary>
    public static void AssertWeights(JsonNode globalModelWeights, ModelWeights weights, double tolerance, string where) =>
        AssertClose([.. Floats(globalModelWeights["trainable"]!), .. Floats(globalModelWeights["non_trainable"]!)], weights.ToCanonical(), tolerance, where);

    public static void AssertClose(float[] expected, float[] actual, double tolerance, string where)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) AssertClose(expected[i], actual[i], tolerance, $"{where}[{i}]");
    }

    public static void AssertClose(double expected, double actual, double tolerance, string where) => Assert.True(
        (double.IsNaN(expected) && double.IsNaN(actual)) || Math.Abs(expected - actual) <= tolerance,
        $"{where}: expected {expected:R}, got {actual:R}, {Math.Abs(expected - actual):E2} apart (at most {tolerance:E1}).");
}
