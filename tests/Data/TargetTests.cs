using FedPure.Data.Partitioning;

namespace FedPure.Data;

/// <summary>Tables of float targets: what has no use for labels takes them, and what needs labels says so.</summary>
public class TargetTests
{
    // Example i has the feature i and the targets 10·i, 10·i + 1.
    private static readonly ExampleTable Table = new(Numbers(40, 1), Enumerable.Range(0, 80).Select(i => 10f * (i / 2) + i % 2).ToArray(), 2, [1]);

    public static TheoryData<IPartitioner> WithoutLabels =>
        [new IidPartitioner(4, 1), new QuantityPartitioner(4, new LogNormalSizes(1), 1), new VirtualPartitioner(9, 5, 1)];

    public static TheoryData<IPartitioner> ByLabel =>
    [
        new ShardPartitioner(4, 2, 1), new DirichletPartitioner(4, 1, 1), new BalancedDirichletPartitioner(4, 1, 1), new LabelPartitioner(4, 1, 1),
        new PachinkoPartitioner(4, 1, 1, [0], 1),
    ];

    [Theory, MemberData(nameof(WithoutLabels))]
    public void PartitionsThatDoNotLookAtLabelsKeepFeaturesAndTargetsTogether(IPartitioner partitioner)
    {
        var data = partitioner.Partition(Table);
        Assert.NotEmpty(data.ClientIds);
        foreach (string id in data.ClientIds)
        {
            var client = data.GetClient(id);
            Assert.True(client.Count > 0);
            for (int i = 0; i < client.Count; i++) Assert.Equal([10 * client.Features(i)[0], 10 * client.Features(i)[0] + 1], client.Targets(i).ToArray());
        }

        // The rows are those of as many labels: of any, since none is looked at.
        Assert.Equal(partitioner.Partition(Enumerable.Range(0, 40).ToArray()).Sha256(), partitioner.RowsOf(Table).Sha256());
    }

    [Theory, MemberData(nameof(ByLabel))]
    public void PartitionsByLabelSayWhatToUseInstead(IPartitioner partitioner)
    {
        string message = Assert.Throws<ArgumentException>(() => partitioner.Partition(Table)).Message;
        Assert.Contains(
            $"float targets, but {partitioner.GetType().Name} spreads them by label; use an IID, quantity or virtual partition", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheElementHasTargetsInPlaceOfALabel()
    {
        var data = new IidPartitioner(2, 1).Partition(Table);
        Assert.Equal("<x=float32[1],y=float32[2]>", data.Element.ToString());
        Assert.Equal(1, data.Element.FeatureCount);
        Assert.Equal(data.Element.ToString(), data.MapClients(client => client).Element.ToString());
    }

    [Fact]
    public void ThereAreNoLabelsToCount()
    {
        IFederatedDataset data = new IidPartitioner(2, 1).Partition(Table);
        Assert.Empty(data.CountLabels());
        Assert.Equal(0, data.ClassCount);
        Assert.Equal(0, data.FilterClients(_ => true).ClassCount);
        Assert.Contains("no labels to measure", Assert.Throws<ArgumentException>(() => SkewStatistics.Of(data, 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "client 'client_0' have float targets and no labels", Assert.Throws<InvalidOperationException>(() => data.GetClient("client_0").Label(0)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheCacheCountsTargetsToo()
    {
        // A feature and two targets: 12 bytes.
        var cache = new ClientCache(24);
        var data = new LazyFederatedDataset(
            ElementSpec.ForTable(Table), new Dictionary<string, int> { ["a"] = 1, ["b"] = 1, ["c"] = 1 },
            _ => new ExampleTable(new float[1], new float[2], 2, [1]), cache);
        foreach (string id in data.ClientIds) Assert.Equal(2, data.GetClient(id).Targets(0).Length);
        Assert.Equal(24, cache.Size);
    }

    [Fact]
    public void NoiseLeavesTargetsAlone()
    {
        var data = new IidPartitioner(4, 1).Partition(Table);
        var noisy = data.WithNoise(0.1, 1);
        Assert.Equal(data.GetClient("client_2").Targets(3).ToArray(), noisy.GetClient("client_2").Targets(3).ToArray());
        Assert.NotEqual(data.GetClient("client_2").Features(3)[0], noisy.GetClient("client_2").Features(3)[0]);
    }

    private static float[] Numbers(int count, float step) => [.. Enumerable.Range(0, count).Select(i => i * step)];
}
