namespace FedPure.Data.Random;

/// <summary>
/// Numbers of other distributions drawn from a <see cref="Philox"/> stream, portable to the last bit: their logarithms are <see cref="PortableMath"/>'s.
/// </summary>
public static class PhiloxVariates
{
    /// <summary>Standard normal, by Marsaglia's polar method; the second number of a pair is dropped, so that a stream has no hidden state.</summary>
    public static double NextNormal(this ref Philox stream)
    {
        while (true)
        {
            double x = 2 * stream.NextDouble() - 1, y = 2 * stream.NextDouble() - 1, square = x * x + y * y;
            if (square is > 0 and < 1) return x * Math.Sqrt(-2 * PortableMath.Log(square) / square);
        }
    }

    /// <summary>A standard normal number of those within [-2, 2]; others are drawn again, as TensorFlow's truncated normal does.</summary>
    public static double NextTruncatedNormal(this ref Philox stream)
    {
        double value;
        do value = stream.NextNormal();
        while (value is < -2 or > 2);
        return value;
    }

    /// <summary>
    /// The logarithm of a gamma number of scale 1 (Marsaglia and Tsang: A simple method for generating gamma variables, 2000): below shape 1, where the number
    /// itself may underflow, by ln G(a) = ln G(a + 1) + ln(U)/a.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is not positive and finite.</exception>
    public static double NextLogGamma(this ref Philox stream, double shape)
    {
        if (!(shape > 0) || double.IsPositiveInfinity(shape))
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "The shape of a gamma distribution must be positive and finite.");
        double boost = shape < 1 ? PortableMath.Log(1 - stream.NextDouble()) / shape : 0;
        double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = stream.NextNormal(), root = 1 + c * x;
            if (root <= 0) continue;
            double v = root * root * root, logV = PortableMath.Log(v);
            if (PortableMath.Log(1 - stream.NextDouble()) < 0.5 * x * x + d * (1 - v + logV)) return PortableMath.Log(d) + logV + boost;
        }
    }

    /// <summary>
    /// A point of the simplex from a Dirichlet distribution: gamma numbers over their sum, by their logarithms, so that a concentration of 0.001 gives one
    /// share of 1 and not 0/0. A concentration of 0 gives share 0. concentrations [n], shares [n].
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or a concentration is negative or infinite, or none is positive.</exception>
    public static void NextDirichlet(this ref Philox stream, ReadOnlySpan<double> concentrations, Span<double> shares)
    {
        if (concentrations.Length != shares.Length)
            throw new ArgumentException($"{concentrations.Length} concentrations do not fit {shares.Length} shares.", nameof(shares));
        double largest = double.NegativeInfinity;
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = concentrations[i] == 0 ? double.NegativeInfinity : stream.NextLogGamma(concentrations[i]);
            largest = Math.Max(largest, shares[i]);
        }

        if (double.IsNegativeInfinity(largest)) throw new ArgumentException("A Dirichlet distribution needs a positive concentration.", nameof(concentrations));
        double sum = 0;
        foreach (ref double share in shares) sum += share = PortableMath.Exp(share - largest);
        foreach (ref double share in shares) share /= sum;
    }
}
