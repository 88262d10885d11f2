using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Data.Partitioning;

/// <summary>What partitioners do with any labels, and that what they did they will always do.</summary>
public class PartitionerTests
{
    private static readonly int[] Labels = [0, 1, 0, 1, 0, 2, 1, 2, 1, 2, 2, 3, 2, 3, 2, 0, 3, 0, 3, 0, 0, 1, 0, 1];

    /// <summary>Each row computed by a second implementation, in Python, with the C library's logarithms.</summary>
    public static TheoryData<IPartitioner, int[][]> Golden => new()
    {
        { new IidPartitioner(5, 7), [[14, 0, 15, 1, 12], [13, 4, 7, 8, 18], [20, 9, 11, 16, 2], [21, 22, 10, 5, 23], [17, 3, 6, 19]] },
        { new ShardPartitioner(5, 2, 7), [[5, 7, 16, 18], [0, 2, 4, 11, 13], [3, 6, 8, 21, 23], [9, 10, 12, 14], [1, 15, 17, 19, 20, 22]] },
        { new QuantityPartitioner(5, new DirichletSizes(0.5), 7), [[20], [23, 1, 0, 6, 15, 18, 22, 5, 7, 4], [21], [9, 19, 17], [14, 10, 12, 8, 16, 13, 11, 2, 3]] },
        { new QuantityPartitioner(5, new LogNormalSizes(1), 7), [[20, 23, 1], [0, 6, 15], [18, 22, 5, 7, 4, 21, 9], [19, 17, 14, 10, 12, 8], [16, 13, 11, 2, 3]] },
        { new QuantityPartitioner(5, new PowerLawSizes(1.5), 7), [[20, 23, 1, 0, 6, 15, 18, 22, 5], [7, 4, 21, 9, 19, 17], [14, 10, 12], [8, 16, 13], [11, 2, 3]] },
        { QuantityPartitioner.Exactly(new ListedSizes([9, 0, 14, 1]), 7), [[20, 23, 1, 0, 6, 15, 18, 22, 5], [], [7, 4, 21, 9, 19, 17, 14, 10, 12, 8, 16, 13, 11, 2], [3]] },
        { new DirichletPartitioner(5, 0.3, 7), [[1, 3, 5, 8, 23], [7, 12], [4, 9, 11, 13, 16], [0, 2, 6, 18, 19, 20, 21, 22], [10, 14, 15, 17]] },
        { new DirichletPartitioner(5, 0.05, 7, MinimumSize: 4), [[5, 15, 17, 23], [12, 20, 21, 22], [0, 6, 18, 19], [1, 2, 3, 4, 8, 11, 13, 16], [7, 9, 10, 14]] },
        { new BalancedDirichletPartitioner(5, 0.3, 7), [[5, 10, 15, 16, 18], [2, 3, 6, 8, 23], [1, 9, 11, 13, 14], [4, 7, 12, 17, 21], [0, 19, 20, 22]] },
        { new PachinkoPartitioner(5, 0.1, 10, [0, 0, 1, 1], 7), [[3, 4, 6, 19, 20], [0, 2, 17, 21, 22], [1, 7, 8, 15, 23], [5, 11, 12, 13, 14], [9, 10, 16, 18]] },
        { new LabelPartitioner(5, 2, 7), [[7, 10, 11, 12, 13], [1, 2, 19, 20, 22, 23], [5, 6, 8, 9, 14], [0, 4, 15, 17, 18], [3, 16, 21]] },
        { new VirtualPartitioner(3, 6, 7), [[17, 18, 20, 12, 14, 13], [3, 11, 20, 13, 22, 17], [12, 15, 0, 2, 1, 20]] },
    };

    [Theory, MemberData(nameof(Golden))]
    public void ThePartitionOfASeedNeverChanges(IPartitioner partitioner, int[][] expected)
    {
        var partition = partitioner.Partition(Labels);
        Assert.Equal(expected, Enumerable.Range(0, partition.ClientCount).Select(client => partition.Rows(client).ToArray()));
    }

    // 60,000 labels as MNIST has them in number, and its usual settings: the first digits of the SHA-256 of the rows, by the same second implementation.
    public static TheoryData<IPartitioner, string> Hashes => new()
    {
        { new IidPartitioner(100, 0), "58db0fea5e8e6459" },
        { new ShardPartitioner(100, 2, 0), "fe152f3dfc0fce17" },
        { new QuantityPartitioner(100, new DirichletSizes(1), 0), "4c5fe049d8460551" },
        { new QuantityPartitioner(100, new LogNormalSizes(2), 0), "f93732932625d44c" },
        { new QuantityPartitioner(100, new PowerLawSizes(1.2), 0), "8d7390070ca4bf40" },
        { new DirichletPartitioner(100, 0.5, 0), "e01ab2932968ecd8" },
        { new DirichletPartitioner(100, 0.01, 0, MinimumSize: 10), "5d202dcadc738b02" },
        { new BalancedDirichletPartitioner(100, 0.5, 0), "00c0933c55755451" },
        { new LabelPartitioner(100, 2, 0), "9cf292400b806ef0" },
        { new VirtualPartitioner(1000, 50, 0), "703b2e3a04dd00bb" },
    };

    [Theory, MemberData(nameof(Hashes))]
    public void ALargePartitionNeverChanges(IPartitioner partitioner, string sha256) =>
        Assert.Equal(sha256, partitioner.Partition([.. Enumerable.Range(0, 60_000).Select(i => i * 7919 % 60_000 % 10)]).Sha256()[..16]);

    [Property(MaxTest = 60)]
    public Property EveryPartitionCoversEachRowExactlyOnce(PositiveInt clients, PositiveInt labelCount, NonNegativeInt more, long seed)
    {
        int n = clients.Get % 20 + 1, k = labelCount.Get % 8 + 1, count = 4 * n + 5 * k + more.Get;
        int[] labels = [.. Enumerable.Range(0, count).Select(i => (int)((uint)(i * 2654435761u) >> 8) % k)];
        int occurring = labels.Distinct().Count(), perClient = Math.Min(occurring, (occurring + n - 1) / n);
        IPartitioner[] partitioners =
        [
            new IidPartitioner(n, seed), new ShardPartitioner(n, 2, seed), new QuantityPartitioner(n, new DirichletSizes(0.3), seed, 3),
            new QuantityPartitioner(n, new LogNormalSizes(2), seed, 3), new QuantityPartitioner(n, new PowerLawSizes(0.5), seed, 3),
            new DirichletPartitioner(n, 0.01, seed, 3), new BalancedDirichletPartitioner(n, 0.001, seed),
            new PachinkoPartitioner(n, 0.01, 0.01, [.. Enumerable.Range(0, k).Select(label => label / 3)], seed), new LabelPartitioner(n, perClient, seed),
        ];
        foreach (var partitioner in partitioners)
        {
            Partition partition;
            try
            {
                partition = partitioner.Partition(labels);
            }
            catch (ArgumentException e) when (partitioner is LabelPartitioner && e.Message.Contains("would have no example", StringComparison.Ordinal))
            {
                continue;
            }

            int[][] rows = [.. Enumerable.Range(0, partition.ClientCount).Select(client => partition.Rows(client).ToArray())];
            if (rows.Length != n || !rows.SelectMany(mine => mine).Order().SequenceEqual(Enumerable.Range(0, count)))
                return Fails($"{partitioner} does not cover its rows");
            int least = partitioner is QuantityPartitioner or DirichletPartitioner ? 3 : 1, smallest = rows.Min(mine => mine.Length);
            if (smallest < least) return Fails($"{partitioner} has a client of {smallest}");
            if (partitioner is IidPartitioner or BalancedDirichletPartitioner or PachinkoPartitioner && rows.Max(mine => mine.Length) > smallest + 1)
                return Fails($"{partitioner} is not balanced");
            if (partitioner is LabelPartitioner && rows.Any(mine => mine.Select(row => labels[row]).Distinct().Count() > perClient))
                return Fails($"{partitioner} gives more labels");
        }

        return true.ToProperty();
        static Property Fails(string label) => false.ToProperty().Label(label);
    }

    [Fact]
    public void ShardsGiveAClientFewLabels()
    {
        // 100 shards of 10 labels with 100 examples each: a shard has one label, a client two at most.
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i % 10)];
        var partition = new ShardPartitioner(50, 2, 3).Partition(labels);
        for (int client = 0; client < 50; client++)
        {
            var rows = partition.Rows(client).ToArray();
            Assert.Equal(20, rows.Length);
            Assert.InRange(rows.Select(row => labels[row]).Distinct().Count(), 1, 2);
        }
    }

    [Fact]
    public void ALabelIsDealtToNearlyEquallyManyClients()
    {
        int[] labels = [.. Enumerable.Range(0, 10_000).Select(i => i % 10)];
        var partition = new LabelPartitioner(100, 3, 1).Partition(labels);
        var owners = Enumerable.Range(0, 100).SelectMany(
            client => partition.Rows(client).ToArray().Select(row => labels[row]).Distinct()).CountBy(label => label).ToList();
        Assert.Equal(300, owners.Sum(count => count.Value));
        Assert.All(owners, count => Assert.InRange(count.Value, 29, 31));
    }

    [Fact]
    public void ASmallerAlphaIsMoreSkew()
    {
        int[] labels = [.. Enumerable.Range(0, 10_000).Select(i => i % 10)];
        double[] divergences = [.. ((double[])[0.01, 0.1, 1, 100]).Select(alpha => Divergence(new DirichletPartitioner(20, alpha, 1)))];
        Assert.Equal(divergences.OrderDescending(), divergences);
        double[] balanced = [.. ((double[])[0.01, 0.1, 1, 100]).Select(alpha => Divergence(new BalancedDirichletPartitioner(20, alpha, 1)))];
        Assert.Equal(balanced.OrderDescending(), balanced);
        Assert.InRange(divergences[3], 0, 0.01);

        double Divergence(IPartitioner partitioner) =>
            SkewStatistics.Of(partitioner.Partition(new ExampleTable(new float[labels.Length], labels, [1])), 10).JensenShannon.Mean;
    }

    [Fact]
    public void AClientHasTheSameTasteInEverySplit()
    {
        // 50 times the examples, and shares within rounding: half an example of 40 for each label.
        int[] small = [.. Enumerable.Range(0, 400).Select(i => i % 10)], large = [.. Enumerable.Range(0, 20_000).Select(i => i % 10)];
        var partitioner = new DirichletPartitioner(5, 0.5, 4, MinimumSize: 0);
        Partition a = partitioner.Partition(small), b = partitioner.Partition(large);
        for (int client = 0; client < 5; client++)
        {
            for (int label = 0; label < 10; label++)
            {
                double expected = b.Rows(client).ToArray().Count(row => large[row] == label) / 50.0;
                Assert.InRange(a.Rows(client).ToArray().Count(row => small[row] == label), expected - 1, expected + 1);
            }
        }
    }

    [Fact]
    public void ListedSizesAreExactOrInProportion()
    {
        var exact = QuantityPartitioner.Exactly(new ListedSizes([0, 5, 19]), 1).Partition(Labels);
        Assert.Equal([0, 5, 19], Enumerable.Range(0, 3).Select(client => exact.Rows(client).Length));
        var half = QuantityPartitioner.Exactly(new ListedSizes([0, 5, 19]), 1).Partition(Labels.AsSpan(0, 12));
        Assert.Equal([0, 3, 9], Enumerable.Range(0, 3).Select(client => half.Rows(client).Length).Order());
    }

    [Fact]
    public void NaturalIdsAreClients()
    {
        var data = NaturalPartition.ById(new ExampleTable(new float[4], new[] { 0, 1, 2, 3 }, [1]), ["b", "a", "b", "c"]);
        Assert.Equal(["a", "b", "c"], data.ClientIds.ToArray());
        Assert.Equal([0, 2], Enumerable.Range(0, 2).Select(data.GetClient("b").Label));
    }

    [Fact]
    public void WhatCannotBeSpreadIsSaid()
    {
        Refuses("24 examples cannot be spread over 9 clients with at least 3 each", new ShardPartitioner(9, 3, 0));
        Refuses("24 examples cannot be spread over 5 clients with at least 5 each", new DirichletPartitioner(5, 1, 0, 5));
        Refuses("5 labels for each client are more than the 4 that occur", new LabelPartitioner(5, 5, 0));
        Refuses("leave some of the 4 labels to nobody", new LabelPartitioner(3, 1, 0));
        Refuses("The label 3 has no coarse label; 3 are given", new PachinkoPartitioner(2, 1, 1, [0, 1, 1], 0));
        Refuses("cannot have 25 distinct examples of 24", new VirtualPartitioner(2, 25, 0));
        Refuses("2 sizes are listed for 3 clients", new QuantityPartitioner(3, new ListedSizes([1, 2]), 0));
        Refuses("positive and finite", new DirichletPartitioner(2, double.NaN, 0));
        Refuses("positive and finite", new QuantityPartitioner(2, new LogNormalSizes(0), 0));

        static void Refuses(string words, IPartitioner partitioner) =>
            Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(() => partitioner.Partition(Labels)).Message, StringComparison.Ordinal);
    }
}
