using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// How far clients are from each other and from the whole, by labels and by sizes. Entropies and divergences are in bits; clients without examples count in the
/// sizes alone.
/// </summary>
/// <param name="Clients">Number of clients.</param>
/// <param name="Examples">Number of examples over all clients.</param>
/// <param name="SmallestClient">Examples of the smallest client.</param>
/// <param name="MedianClient">Examples of the median client; the mean of both for an even number.</param>
/// <param name="LargestClient">Examples of the largest client.</param>
/// <param name="SizeGini">Gini coefficient of the sizes: 0 equal, towards 1 one client has all.</param>
/// <param name="GlobalEntropy">Entropy of the labels over all clients.</param>
/// <param name="LabelEntropy">Mean and extremes of the entropy of a client's labels.</param>
/// <param name="JensenShannon">Of the Jensen-Shannon divergence of a client's labels from all clients': 0 to 1.</param>
/// <param name="EarthMovers">
/// Of Σ_k |p_client(k) - p_all(k)|, the earth mover's distance of Zhao et al., Federated learning with non-IID data, 2018: 0 to 2.
/// </param>
/// <param name="LabelsPerClient">Of the number of different labels of a client.</param>
public sealed record SkewStatistics(
    int Clients, long Examples, int SmallestClient, double MedianClient, int LargestClient, double SizeGini,
    double GlobalEntropy, Spread LabelEntropy, Spread JensenShannon, Spread EarthMovers, Spread LabelsPerClient)
{
    /// <summary>Measures clients' label counts.</summary>
    /// <param name="labelCounts">For each client the count of each label, all of the same length.</param>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static SkewStatistics Of(IEnumerable<int[]> labelCounts)
    {
        ArgumentNullException.ThrowIfNull(labelCounts);
        List<int[]> clients = [.. labelCounts];
        int[] sizes = [.. clients.Select(counts => counts.Sum()).Order()];
        long total = sizes.Sum(size => (long)size);
        if (total == 0) throw new ArgumentException("There is no example to measure.", nameof(labelCounts));
        var whole = new long[clients[0].Length];
        foreach (var counts in clients)
        {
            for (int k = 0; k < whole.Length; k++) whole[k] += counts[k];
        }

        double[] global = [.. whole.Select(count => (double)count / total)];
        List<double[]> shares = [.. clients.Where(counts => counts.Any(count => count > 0)).Select(Shares)];
        return new SkewStatistics(
            clients.Count, total, sizes[0], (sizes[(sizes.Length - 1) / 2] + sizes[sizes.Length / 2]) / 2.0, sizes[^1], Gini(sizes, total), Entropy(global),
            Spread.Of(shares.Select(Entropy)), Spread.Of(shares.Select(share => JensenShannonDivergence(share, global))),
            Spread.Of(shares.Select(share => share.Zip(global, (p, q) => Math.Abs(p - q)).Sum())),
            Spread.Of(shares.Select(share => (double)share.Count(p => p > 0))));
    }

    /// <summary>Measures the clients of a dataset, which are read one by one.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static SkewStatistics Of(IFederatedDataset data, int classCount)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Of(data.ClientIds.Select(id => Count(data.GetClient(id).InMemory(), classCount)));
    }

    private static int[] Count(ClientDataset client, int classCount)
    {
        if (client.Examples.TargetCount > 0) throw new ArgumentException($"Client '{client.ClientId}' has targets, and no labels to measure.");
        var counts = new int[classCount];
        for (int i = 0; i < client.Count; i++) counts[client.Label(i)]++;
        return counts;
    }

    private static double[] Shares(int[] counts)
    {
        double sum = counts.Sum();
        return [.. counts.Select(count => count / sum)];
    }

    private static double Entropy(double[] shares)
    {
        double sum = 0;
        foreach (double p in shares) sum -= p > 0 ? p * Log2(p) : 0;
        return Math.Max(sum, 0);
    }

    // H((p + q)/2) - (H(p) + H(q))/2 (Lin: Divergence measures based on the Shannon entropy, 1991).
    internal static double JensenShannonDivergence(double[] p, double[] q) =>
        Math.Max(0, Entropy([.. p.Zip(q, (a, b) => (a + b) / 2)]) - (Entropy(p) + Entropy(q)) / 2);

    // Sizes in ascending order: Σ (2i - n - 1)·x_i/(n·Σx) with i from 1.
    private static double Gini(int[] sizes, long total)
    {
        double sum = 0;
        for (int i = 0; i < sizes.Length; i++) sum += (2.0 * (i + 1) - sizes.Length - 1) * sizes[i];
        return sum / ((double)sizes.Length * total);
    }

    private static double Log2(double x) => PortableMath.Log(x) * 1.4426950408889634;
}

/// <summary>Mean and extremes of a quantity over clients.</summary>
public readonly record struct Spread(double Least, double Mean, double Most)
{
    /// <summary>The spread of values, of which there is at least one.</summary>
    internal static Spread Of(IEnumerable<double> values)
    {
        List<double> all = [.. values];
        return new Spread(all.Min(), all.Average(), all.Max());
    }
}
