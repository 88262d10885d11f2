using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// The FedAvg paper's pathological partition (McMahan et al., 2017, section 3: non-IID): the rows sorted by label are cut into equal shards, and every client
/// gets as many shards at random. With 100 clients and 2 shards each of MNIST a client has examples of two digits, rarely of three or four.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="ShardsPerClient">Shards of a client; at least 1.</param>
/// <param name="Seed">Seed of the shards' order.</param>
public sealed record ShardPartitioner(int ClientCount, int ShardsPerClient, long Seed) : IPartitioner
{
    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ShardsPerClient);
        ClientCounts.Check(ClientCount, labels.Length, ShardsPerClient);
        var sorted = Enumerable.Range(0, labels.Length).ToArray();
        Array.Sort(SortKeys(labels), sorted);
        int count = ClientCount * ShardsPerClient;
        int[] sizes = ClientCounts.Equal(count, labels.Length), starts = new int[count];
        for (int i = 1; i < count; i++) starts[i] = starts[i - 1] + sizes[i - 1];
        var shards = IidPartitioner.ShuffledRows(count, RandomKey.FromSeed(Seed).Fold("partition/shards"));
        return Partitioning.Partition.FromLists(
            [.. shards.Chunk(ShardsPerClient).Select(chunk => chunk.SelectMany(shard => sorted[starts[shard]..(starts[shard] + sizes[shard])]).ToList())]);
    }

    // Label and row, so that rows of a label stay in their order whatever the sort does with equal keys.
    private static long[] SortKeys(ReadOnlySpan<int> labels)
    {
        var keys = new long[labels.Length];
        for (int row = 0; row < keys.Length; row++) keys[row] = ((long)labels[row] << 32) | (uint)row;
        return keys;
    }
}
