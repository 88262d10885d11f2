using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Two levels of label skew in equal sizes: the Pachinko allocation that made TensorFlow Federated's CIFAR-100 (Reddi et al., Adaptive federated optimization,
/// 2021, appendix F, with alpha 0.1 and beta 10 over 20 coarse and 100 fine labels). Each client draws its shares of coarse labels from Dirichlet(alpha), and
/// of the fine labels below each from Dirichlet(beta); then each of its examples, without replacement, by a coarse label and a fine one below it. A label of
/// which nothing is left counts no more.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Alpha">Concentration over coarse labels.</param>
/// <param name="Beta">Concentration over the fine labels of a coarse one.</param>
/// <param name="CoarseLabels">[fine labels], the coarse label of each.</param>
/// <param name="Seed">Seed of the shares, the draws and the rows' order.</param>
public sealed record PachinkoPartitioner(int ClientCount, double Alpha, double Beta, ImmutableArray<int> CoarseLabels, long Seed) : IPartitioner
{
    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ClientCounts.CheckPositive(Alpha);
        ClientCounts.CheckPositive(Beta);
        ClientCounts.Check(ClientCount, labels.Length);
        var key = RandomKey.FromSeed(Seed).Fold("partition/pachinko");
        var byLabel = RowsByLabel.Shuffled(labels, key.Fold("rows"));
        if (byLabel.Labels is [.., var largest] && largest >= CoarseLabels.Length)
            throw new ArgumentException($"The label {largest} has no coarse label; {CoarseLabels.Length} are given.", nameof(labels));
        var byCoarseLabel = Enumerable.Range(0, byLabel.Labels.Length).GroupBy(k => CoarseLabels[byLabel.Labels[k]]);
        int[][] coarse = [.. byCoarseLabel.OrderBy(group => group.Key).Select(group => group.ToArray())];
        var pools = new LabelPools(byLabel);
        int[] sizes = ClientCounts.Equal(ClientCount, labels.Length);
        return Partitioning.Partition.FromLists(
            [.. sizes.Select((size, client) => Allocate(key.Fold("client").Fold((ulong)client).Stream(), size, coarse, pools))]);
    }

    private List<int> Allocate(Philox stream, int size, int[][] coarse, LabelPools pools)
    {
        double[] shares = Shares(ref stream, Alpha, coarse.Length);
        var below = new double[coarse.Length][];
        for (int c = 0; c < coarse.Length; c++) below[c] = Shares(ref stream, Beta, coarse[c].Length);
        var rows = new List<int>(size);
        for (int i = 0; i < size; i++)
        {
            int c = LabelPools.Draw(shares, place => coarse[place].Sum(pools.Left), ref stream);
            int fine = LabelPools.Draw(below[c], place => pools.Left(coarse[c][place]), ref stream);
            rows.Add(pools.Take(coarse[c][fine]));
        }

        return rows;
    }

    private static double[] Shares(ref Philox stream, double concentration, int count)
    {
        var shares = new double[count];
        stream.NextDirichlet([.. Enumerable.Repeat(concentration, count)], shares);
        return shares;
    }
}
