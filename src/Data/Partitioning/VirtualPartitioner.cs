using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Any number of clients over the same examples: each has that many distinct rows of its own choice, which others may have too. No partition in the strict
/// sense; for measuring how a system scales with its clients. As views, 100,000 clients of 50 rows cost 20 MB.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Size">Rows of a client; at least 1.</param>
/// <param name="Seed">Seed; each client has a stream of its own.</param>
public sealed record VirtualPartitioner(int ClientCount, int Size, long Seed) : IPartitioner
{
    /// <inheritdoc/>
    public bool ReadsLabels => false;

    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClientCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Size);
        if (Size > labels.Length) throw new ArgumentException($"A client cannot have {Size} distinct examples of {labels.Length}.", nameof(labels));
        if ((long)ClientCount * Size > Array.MaxLength)
            throw new ArgumentException($"{ClientCount} clients of {Size} rows are more rows than an array holds.", nameof(labels));
        var key = RandomKey.FromSeed(Seed).Fold("partition/virtual");
        var rows = new int[ClientCount * Size];
        var chosen = new HashSet<int>(Size);
        for (int client = 0; client < ClientCount; client++)
        {
            var stream = key.Fold((ulong)client).Stream();
            var mine = rows.AsSpan(client * Size, Size);
            chosen.Clear();
            for (int i = 0; i < Size; i++)
            {
                // Floyd's sampling (Bentley and Floyd, 1987): the draw below j + 1, or j itself where the draw was had before.
                int j = labels.Length - Size + i, drawn = stream.NextBelow(j + 1);
                mine[i] = chosen.Add(drawn) ? drawn : j;
                if (mine[i] == j) chosen.Add(j);
            }
        }

        return new Partition(rows, [.. Enumerable.Repeat(Size, ClientCount)]);
    }
}
