using System.Numerics.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Every coordinate's values over the clients in ascending order, block after block of coordinates: row k of a block holds the k-th smallest. Whole rows are
/// compared and exchanged (Batcher's odd-even merge sort, 1968), so that the work is minima and maxima of vectors, whose bits do not depend on a width.
/// </summary>
internal sealed class SortedRows
{
    // 256 floats are 1 KiB: the rows of 30 clients stay in the first-level cache.
    private const int BlockLength = 256;

    private readonly float[][] _rows;
    private float[] _spare = new float[BlockLength];
    private int _length;

    private SortedRows(int clients) => _rows = [.. Enumerable.Range(0, clients).Select(_ => new float[BlockLength])];

    public delegate void Combine(SortedRows rows, Span<float> aggregate);

    /// <summary>Values of a coordinate.</summary>
    public int Count => _rows.Length;

    /// <summary>The k-th smallest value of each coordinate of the block.</summary>
    public ReadOnlySpan<float> this[int k] => _rows[k].AsSpan(0, _length);

    /// <summary>Calls <paramref name="combine"/> for each block with the part of the aggregate that it is to write.</summary>
    public static void ForEachBlock(GatheredUpdates updates, Span<float> aggregate, Combine combine)
    {
        var block = new SortedRows(updates.Count);
        for (int start = 0; start < aggregate.Length; start += BlockLength)
        {
            block._length = Math.Min(BlockLength, aggregate.Length - start);
            for (int client = 0; client < updates.Count; client++) updates[client].Slice(start, block._length).CopyTo(block._rows[client]);
            block.Sort();
            combine(block, aggregate.Slice(start, block._length));
        }
    }

    /// <summary>Adds row k to the sums, in double.</summary>
    public void AddTo(Span<double> sums, int k) => DoubleSums.AddScaled(this[k], 1, sums);

    // Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M: a network for any number of rows.
    private void Sort()
    {
        int n = _rows.Length, top = 1;
        while (top < n) top *= 2;
        for (int p = top / 2; p > 0; p /= 2)
        {
            for (int q = top / 2, r = 0, d = p; d > 0; d = q - p, q /= 2, r = p)
            {
                for (int i = 0; i < n - d; i++)
                {
                    if ((i & p) == r) Exchange(i, i + d);
                }
            }
        }
    }

    private void Exchange(int low, int high)
    {
        Span<float> x = _rows[low].AsSpan(0, _length), y = _rows[high].AsSpan(0, _length);
        TensorPrimitives.Min(x, y, _spare);
        TensorPrimitives.Max(x, y, y);
        (_rows[low], _spare) = (_spare, _rows[low]);
    }
}
