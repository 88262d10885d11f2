using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>The examples of each label that are left to give away, one at a time.</summary>
internal sealed class LabelPools(RowsByLabel byLabel)
{
    private readonly int[] _left = [.. byLabel.Rows.Select(rows => rows.Count)];

    /// <summary>Takes an example of the label at this place.</summary>
    public int Take(int k) => byLabel.Rows[k][--_left[k]];

    /// <summary>
    /// One of the places, in proportion to their weights where something is left; where all such weights are 0, in proportion to what is left.
    /// </summary>
    public static int Draw(ReadOnlySpan<double> weights, Func<int, int> left, ref Philox stream)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++) sum += left(i) > 0 ? weights[i] : 0;
        bool byWeight = sum > 0;
        for (int i = 0; i < weights.Length && !byWeight; i++) sum += left(i);
        double point = stream.NextDouble() * sum;
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (left(i) == 0) continue;
            double weight = byWeight ? weights[i] : left(i);
            if (weight == 0) continue;
            last = i;
            if (point < weight) break;
            point -= weight;
        }

        return last;
    }

    /// <summary>Examples left of the label at this place.</summary>
    public int Left(int k) => _left[k];
}
