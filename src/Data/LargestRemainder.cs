namespace FedPure.Data;

/// <summary>
/// Whole shares of a whole number (Hamilton's method): exact quotas rounded down, then one more each for the largest remainders, the first of equal ones first.
/// </summary>
internal static class LargestRemainder
{
    /// <summary>Shares in proportion to whole weights, exactly.</summary>
    public static int[] Allot(int total, long[] weights)
    {
        var sum = (Int128)weights.Sum();
        return Round(
            total, [.. weights.Select(weight => sum == 0 ? 0 : (int)(total * (Int128)weight / sum))],
            i => sum == 0 ? 0 : (double)(total * (Int128)weights[i] % sum));
    }

    /// <summary>Shares in proportion to weights of which one is positive; only the four operations of double are used.</summary>
    public static int[] Allot(int total, double[] weights)
    {
        double sum = 0;
        foreach (double weight in weights) sum += weight;
        double[] quotas = [.. weights.Select(weight => total * (weight / sum))];
        return Round(total, [.. quotas.Select(quota => (int)quota)], i => quotas[i] - (int)quotas[i]);
    }

    private static int[] Round(int total, int[] shares, Func<int, double> remainder)
    {
        int left = total - shares.Sum();

        // Sums rounded in double can leave more than one for each, or take one too many.
        foreach (int i in Enumerable.Range(0, shares.Length).OrderByDescending(remainder).Take(Math.Max(left, 0))) shares[i]++;
        for (int i = shares.Length - 1; left < 0 && i >= 0; i--)
        {
            if (shares[i] == 0) continue;
            shares[i]--;
            left++;
        }

        return shares;
    }
}
