using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>The rows of each label that occurs, by ascending label, each label's rows in an order of their own.</summary>
internal sealed class RowsByLabel
{
    private RowsByLabel(int[] labels, List<int>[] rows) => (Labels, Rows) = (labels, rows);

    /// <summary>The labels that occur.</summary>
    public int[] Labels { get; }

    /// <summary>[labels that occur].</summary>
    public List<int>[] Rows { get; }

    /// <summary>Sorts rows by label and shuffles each label's with the key folded with the label.</summary>
    public static RowsByLabel Shuffled(ReadOnlySpan<int> labels, RandomKey key)
    {
        var rows = new SortedDictionary<int, List<int>>();
        for (int row = 0; row < labels.Length; row++)
        {
            if (!rows.TryGetValue(labels[row], out var list)) rows.Add(labels[row], list = []);
            list.Add(row);
        }

        foreach (var (label, list) in rows)
        {
            var stream = key.Fold((ulong)label).Stream();
            stream.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list));
        }

        return new RowsByLabel([.. rows.Keys], [.. rows.Values]);
    }
}
