using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Label skew by a Dirichlet distribution (Yurochkin et al., Bayesian nonparametric federated learning of neural networks, 2019): each label's examples are
/// spread over the clients by shares from Dirichlet(alpha, ..., alpha), by largest remainders. Sizes follow from the shares. A client below the minimum size
/// then gets examples, one at a time, of the client that has most at that moment and of the label it has most of.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Alpha">Concentration; 0.1 is strong skew, 100 nearly IID.</param>
/// <param name="Seed">Seed of the shares and of the rows' order.</param>
/// <param name="MinimumSize">Least examples of a client.</param>
public sealed record DirichletPartitioner(int ClientCount, double Alpha, long Seed, int MinimumSize = 1) : IPartitioner
{
    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ClientCounts.CheckPositive(Alpha);
        ClientCounts.Check(ClientCount, labels.Length, MinimumSize);
        var key = RandomKey.FromSeed(Seed).Fold("partition/dirichlet");
        var byLabel = RowsByLabel.Shuffled(labels, key.Fold("rows"));
        double[] concentrations = [.. Enumerable.Repeat(Alpha, ClientCount)], shares = new double[ClientCount];
        List<int>[] clients = [.. Enumerable.Range(0, ClientCount).Select(_ => new List<int>())];
        for (int k = 0; k < byLabel.Labels.Length; k++)
        {
            var stream = key.Fold("shares").Fold((ulong)byLabel.Labels[k]).Stream();
            stream.NextDirichlet(concentrations, shares);
            int[] counts = LargestRemainder.Allot(byLabel.Rows[k].Count, shares);
            int next = 0;
            for (int client = 0; client < ClientCount; client++)
            {
                clients[client].AddRange(byLabel.Rows[k].Slice(next, counts[client]));
                next += counts[client];
            }
        }

        RaiseToMinimum(clients, labels);
        return Partitioning.Partition.FromLists(clients);
    }

    private void RaiseToMinimum(List<int>[] clients, ReadOnlySpan<int> labels)
    {
        // The most examples first; of equal clients the first.
        var richest = new PriorityQueue<int, (int, int)>();
        for (int client = 0; client < clients.Length; client++)
        {
            if (clients[client].Count > MinimumSize) richest.Enqueue(client, (-clients[client].Count, client));
        }

        foreach (var poor in clients)
        {
            while (poor.Count < MinimumSize)
            {
                int giver = richest.Dequeue();
                poor.Add(TakeOfCommonestLabel(clients[giver], labels));
                if (clients[giver].Count > MinimumSize) richest.Enqueue(giver, (-clients[giver].Count, giver));
            }
        }
    }

    private static int TakeOfCommonestLabel(List<int> rows, ReadOnlySpan<int> labels)
    {
        var counts = new SortedDictionary<int, int>();
        foreach (int row in rows) counts[labels[row]] = counts.GetValueOrDefault(labels[row]) + 1;
        int commonest = counts.MaxBy(count => count.Value).Key, last = rows.Count - 1;
        while (labels[rows[last]] != commonest) last--;
        int taken = rows[last];
        rows.RemoveAt(last);
        return taken;
    }
}
