using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.TestData;

namespace FedPure.Learning;

/// <summary>
/// The two problems on which TensorFlow Federated 0.87.0 was recorded: S, a classification of 6 features in 4 classes by five clients, and L, a linear
/// regression of 2 features by three.
/// </summary>
internal static class GoldenProblems
{
    private static readonly JsonNode Problems = Repository.GoldenJson("algorithms/problems.json");

    public static IFusedModel Softmax { get; } = new Sequential(6).Dense(4, initializer: Initializer.Zeros).SoftmaxCrossEntropy();

    public static IFusedModel Mlp { get; } = new Sequential(6).Dense(8, ActivationFunction.Relu).Dense(4).SoftmaxCrossEntropy();

    public static ModelWeights MlpInitialWeights { get; } =
        ModelWeights.FromCanonical(Mlp.Layout, Golden.Floats(Problems["problem_S"]!["mlp_initial_weights"]!));

    public static IModel Linear { get; } = new CustomModel.LinearRegression(2);

    /// <summary>Three epochs in batches of 3.</summary>
    public static ClientDataset[] LinearClients { get; } =
    [
        .. Problems["problem_L"]!["clients"]!.AsArray().Select((client, i) =>
        {
            var table = new ExampleTable(Golden.Floats(client!["x"]!), Golden.Floats(client["y"]!), targetCount: 1, shape: [2]);
            return new ClientDataset($"linear_{i}", table, new RowSet(0, table.Count)) { Pipeline = InputPipeline.Examples.Repeat(3).Batch(3) };
        })
    ];

    /// <summary>Two epochs in batches of 4 that run across the border of the epochs.</summary>
    public static ClientDataset[] Clients { get; } = Classification("clients", InputPipeline.Examples.Repeat(2).Batch(4));

    public static ClientDataset[] TestClients { get; } = Classification("test_clients", InputPipeline.Examples.Batch(4));

    public static ClientDataset EmptyClient { get; } = ToClient("empty", [], [], InputPipeline.Examples.Batch(4));

    /// <summary>Client 2 whose last example has a NaN for its second feature.</summary>
    public static ClientDataset NanClient { get; } = WithNan(Clients[2]);

    private static ClientDataset[] Classification(string name, InputPipeline pipeline) =>
    [
        .. Problems["problem_S"]![name]!.AsArray().Select((client, i) => ToClient(
            $"{name}_{i}", Golden.Floats(client!["x"]!), [.. client["y"]!.AsArray().Select(label => (int)label!)], pipeline))
    ];

    private static ClientDataset WithNan(ClientDataset client)
    {
        float[] features = [.. client.Examples.Features.Span];
        features[^5] = float.NaN;
        return ToClient("nan", features, [.. client.Examples.Labels.Span], client.Pipeline);
    }

    private static ClientDataset ToClient(string id, float[] features, int[] labels, InputPipeline pipeline) =>
        new(id, new ExampleTable(features, labels, [6]), new RowSet(0, labels.Length)) { Pipeline = pipeline };
}
