using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.TestData;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Federated k-means equals TensorFlow Federated 0.87.0's. Both sides sum up to 20 points of size up to 12 in float32 and differ by the order of clients: 20
/// roundings of 12·2^-24 are at most 1.4e-5. The start values differ by a few units in the last place of numbers up to 2.4, and their weight only falls.
/// </summary>
public class KMeansTests
{
    private const double Tolerance = 1.5e-5;

    [Theory]
    [InlineData("k3_d2_seed_1_2", 3, 2, 1, 2)]
    [InlineData("k4_d3_seed_0_0", 4, 3, 0, 0)]
    [InlineData("k1_d1", 1, 1, null, null)]
    [InlineData("k3_with_empty_client", 3, 2, 1, 2)]
    [InlineData("k6_unused_clusters", 6, 2, null, null)]
    public void TheRunIsGolden(string name, int clusters, int features, int? first, int? second)
    {
        var golden = Repository.GoldenJson("algorithms/kmeans.json")[name]!;
        var initial = Golden.Floats(golden["initial_state"]!["global_model_weights"]!);
        var process = first is null ? FederatedKMeans.Build([.. initial], features) : FederatedKMeans.Build(clusters, features, (first.Value, second!.Value));
        var state = process.Initialize();
        Golden.AssertClose(initial, [.. state.Centroids], 1e-6, name);
        var clients = golden["data"]!.AsArray().Select((points, i) => Client($"{i}", points!.AsArray(), features)).ToArray();
        foreach (var round in golden["rounds"]!.AsArray())
        {
            string where = $"{name}, round {round!["round"]}";
            (state, var metrics) = process.Next(state, clients);
            Golden.AssertMetrics(round["metrics"]!, metrics, 0, where);
            Golden.AssertClose(Golden.Floats(round["state"]!["global_model_weights"]!), [.. state.Centroids], Tolerance, where);
            Assert.Equal(Golden.Floats(round["state"]!["finalizer"]!), state.ClusterWeights);
        }
    }

    [Fact]
    public void StartValuesAreTensorFlowsStatelessNormals()
    {
        foreach (var (words, values) in Repository.GoldenJson("algorithms/kmeans_seed_vectors.json")["normal"]!.AsObject())
        {
            long[] seed = [.. words.Split(',').Select(long.Parse)];
            var drawn = new float[10];
            FedPure.Data.Random.StatelessNormal.Fill(seed[0], seed[1], drawn);
            Golden.AssertClose(Golden.Floats(values!), drawn, 1e-6, words);
        }
    }

    [Fact]
    public void NeitherThreadsNorOrderShow()
    {
        ClientDataset[] clients = [.. GoldenProblems.Clients, GoldenProblems.NanClient, GoldenProblems.EmptyClient];
        string expected = Run(1, clients);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            for (int turn = 0; turn < 3; turn++) Assert.Equal(expected, Run(threads, [.. clients[turn..].Reverse(), .. clients[..turn]]));
        }

        static string Run(int threads, ClientDataset[] clients)
        {
            var process = FederatedKMeans.Build(3, 6, (1, 2), threads: threads);
            var state = process.Initialize();
            string log = "";
            for (int round = 0; round < 3; round++)
            {
                (state, var metrics) = process.Next(state, SpreadOut.Over(threads, clients));
                log += metrics;
            }

            return log + string.Join(' ', state.Centroids.Concat(state.ClusterWeights).Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void AClientWithAPointThatIsNotFiniteIsLeftOut()
    {
        var process = FederatedKMeans.Build(2, 6, (1, 2));
        var with = process.Next(process.Initialize(), [GoldenProblems.Clients[0], GoldenProblems.NanClient]);
        var without = process.Next(process.Initialize(), [GoldenProblems.Clients[0]]);
        Assert.Equal(without.State.Centroids.ToArray(), with.State.Centroids.ToArray());
        Assert.Equal(without.Metrics.ToString(), with.Metrics.ToString());
    }

    [Fact]
    public void ARoundWithoutClientsChangesNothing()
    {
        var process = FederatedKMeans.Build(2, 6, (1, 2));
        var state = process.Next(process.Initialize(), GoldenProblems.Clients).State;
        var (next, metrics) = process.Next(state, []);
        Assert.Equal(state.Centroids.ToArray(), next.Centroids.ToArray());
        Assert.Equal(state.ClusterWeights.ToArray(), next.ClusterWeights.ToArray());
        Assert.Equal(0, metrics["client_work/num_examples"]);
        Assert.Equal(2, next.Round);
    }

    [Fact]
    public void CentroidsThatDoNotFitAreRefused()
    {
        Assert.Throws<ArgumentException>(() => FederatedKMeans.Build([1f, 2f, 3f], 2));
        Assert.Throws<ArgumentException>(() => FederatedKMeans.Build([1f, float.NaN], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => FederatedKMeans.Build(0, 2, (1, 2)));
        var process = FederatedKMeans.Build(2, 3, (1, 2));
        Assert.Contains(
            "6 features", Assert.Throws<ArgumentException>(() => process.Next(process.Initialize(), GoldenProblems.Clients)).Message, StringComparison.Ordinal);
    }

    private static ClientDataset Client(string id, JsonArray points, int features) =>
        new(id, new ExampleTable(Golden.Floats(points), new int[points.Count], [features]), new RowSet(0, points.Count));
}
