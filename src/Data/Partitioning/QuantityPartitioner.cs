using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Unequal parts of the same distribution: the rows are shuffled and cut by sizes from a law (quantity skew). Every client gets the minimum first; the rest is
/// spread in proportion, by largest remainders.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Sizes">The law.</param>
/// <param name="Seed">Seed of the sizes and of the shuffle.</param>
/// <param name="MinimumSize">Least examples of a client.</param>
public sealed record QuantityPartitioner(int ClientCount, ClientSizes Sizes, long Seed, int MinimumSize = 1) : IPartitioner
{
    /// <summary>Exactly these sizes, which must sum to the number of examples.</summary>
    public static QuantityPartitioner Exactly(ListedSizes sizes, long seed)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return new QuantityPartitioner(sizes.Sizes.Length, sizes, seed, MinimumSize: 0);
    }

    /// <inheritdoc/>
    public bool ReadsLabels => false;

    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ClientCounts.Check(ClientCount, labels.Length, MinimumSize);
        var key = RandomKey.FromSeed(Seed).Fold("partition/quantity");
        int[] sizes = LargestRemainder.Allot(labels.Length - ClientCount * MinimumSize, Sizes.Draw(ClientCount, key.Fold("sizes")));
        for (int i = 0; i < sizes.Length; i++) sizes[i] += MinimumSize;
        return new Partition(IidPartitioner.ShuffledRows(labels.Length, key.Fold("rows")), sizes);
    }
}
