namespace FedPure.Learning.Aggregators;

/// <summary>
/// Which clients are close to one another: squared distances between all of n updates, 8·n² bytes and 4·n² for their order, and scores by them. Equal sets of
/// distances have exactly equal scores, since they are added in ascending order.
/// </summary>
internal sealed class Neighbourhoods
{
    private readonly double[][] _distances;

    // Of each client the others, the nearest first.
    private readonly int[][] _others;

    public Neighbourhoods(GatheredUpdates updates)
    {
        int n = updates.Count;
        _distances = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++) _distances[i][j] = _distances[j][i] = DoubleSums.SquaredDistance(updates[i], updates[j]);
        }

        _others = [.. Enumerable.Range(0, n).Select(i =>
        {
            int[] others = [.. Enumerable.Range(0, n).Where(j => j != i)];
            Array.Sort([.. others.Select(j => _distances[i][j])], others);
            return others;
        })];
    }

    /// <summary>Of the clients that remain, Σ of the distances to the nearest max(1, r - f - 2) others that remain, for r clients that do.</summary>
    public double Score(int client, ReadOnlySpan<bool> remains, int remaining, int hostile)
    {
        double score = 0;
        int wanted = Math.Max(1, remaining - hostile - 2);
        foreach (int other in _others[client])
        {
            if (wanted == 0) break;
            if (!remains[other]) continue;
            score += _distances[client][other];
            wanted--;
        }

        return score;
    }

    /// <summary>All clients by their score, equal ones by their place.</summary>
    public int[] Ranking(int hostile)
    {
        int n = _distances.Length;
        bool[] remains = [.. Enumerable.Repeat(true, n)];
        double[] scores = [.. Enumerable.Range(0, n).Select(client => Score(client, remains, n, hostile))];
        return [.. Enumerable.Range(0, n).OrderBy(client => scores[client])];
    }

    /// <summary>The client of the best score among those left, again and again.</summary>
    public int[] SelectOneByOne(int count, int hostile)
    {
        int n = _distances.Length;
        bool[] remains = [.. Enumerable.Repeat(true, n)];
        var selected = new int[count];
        for (int k = 0; k < count; k++)
        {
            double least = double.PositiveInfinity;
            int best = -1;
            for (int client = 0; client < n; client++)
            {
                if (!remains[client]) continue;
                double score = Score(client, remains, n - k, hostile);
                if (best >= 0 && !(score < least)) continue;
                (least, best) = (score, client);
            }

            selected[k] = best;
            remains[best] = false;
        }

        return selected;
    }
}
