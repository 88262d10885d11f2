using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Spreads centralized examples over clients at random in equal parts (McMahan et al., Communication-efficient learning of deep networks from decentralized
/// data, 2017, section 3: IID): the rows are shuffled and cut; the first clients get one more where the parts cannot be equal.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Seed">Seed of the shuffle; the labels do not matter.</param>
public sealed record IidPartitioner(int ClientCount, long Seed) : IPartitioner
{
    /// <inheritdoc/>
    public bool ReadsLabels => false;

    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ClientCounts.Check(ClientCount, labels.Length);
        return new Partition(ShuffledRows(labels.Length, RandomKey.FromSeed(Seed).Fold("partition/iid")), ClientCounts.Equal(ClientCount, labels.Length));
    }

    /// <summary>All rows in an order drawn by a key's stream.</summary>
    internal static int[] ShuffledRows(int count, RandomKey key)
    {
        var rows = Enumerable.Range(0, count).ToArray();
        var stream = key.Stream();
        stream.Shuffle(rows);
        return rows;
    }
}
