using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Label skew in equal sizes (Hsu et al., Measuring the effects of non-identical data distribution for federated visual classification, 2019): each client
/// draws its shares of the labels from a Dirichlet distribution around the labels' frequencies, then each of its examples by them, without replacement; a label
/// of which nothing is left counts no more. The concentrations are alpha·K·p_k for K labels of frequency p_k: alpha each where labels are equally frequent.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Alpha">Concentration; 0.1 is strong skew, 100 nearly IID.</param>
/// <param name="Seed">Seed of the shares, the draws and the rows' order.</param>
public sealed record BalancedDirichletPartitioner(int ClientCount, double Alpha, long Seed) : IPartitioner
{
    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ClientCounts.CheckPositive(Alpha);
        ClientCounts.Check(ClientCount, labels.Length);
        var key = RandomKey.FromSeed(Seed).Fold("partition/balanced-dirichlet");
        var byLabel = RowsByLabel.Shuffled(labels, key.Fold("rows"));
        double each = Alpha * byLabel.Labels.Length / labels.Length;
        double[] concentrations = [.. byLabel.Rows.Select(rows => each * rows.Count)], shares = new double[concentrations.Length];
        var pools = new LabelPools(byLabel);
        int[] sizes = ClientCounts.Equal(ClientCount, labels.Length);
        var clients = new List<int>[ClientCount];
        for (int client = 0; client < ClientCount; client++)
        {
            var stream = key.Fold("client").Fold((ulong)client).Stream();
            stream.NextDirichlet(concentrations, shares);
            clients[client] = new List<int>(sizes[client]);
            for (int i = 0; i < sizes[client]; i++) clients[client].Add(pools.Take(LabelPools.Draw(shares, pools.Left, ref stream)));
        }

        return Partitioning.Partition.FromLists(clients);
    }
}
