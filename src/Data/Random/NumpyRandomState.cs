using System.Numerics;

namespace FedPure.Data.Random;

/// <summary>
/// NumPy's legacy generator, <c>numpy.random.RandomState</c>, whose numbers are frozen for ever: the integers and uniform doubles are NumPy's to the last bit.
/// Normal, gamma and Dirichlet numbers take logarithms, which NumPy leaves to the C runtime and we to <see cref="PortableMath"/>: the same up to an ulp or so.
/// </summary>
public sealed class NumpyRandomState
{
    private readonly MersenneTwister _words;
    private double? _spareNormal;

    /// <summary><c>RandomState(seed)</c>.</summary>
    public NumpyRandomState(uint seed) => _words = new MersenneTwister(seed);

    /// <summary><c>RandomState([a, b, ...])</c>.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public NumpyRandomState(ReadOnlySpan<uint> seed) => _words = new MersenneTwister(seed);

    /// <summary>The next raw word.</summary>
    public uint NextWord() => _words.Next();

    /// <summary><c>random_sample()</c>: uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble()
    {
        uint high = _words.Next() >> 5, low = _words.Next() >> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /// <summary><c>randint(low, high)</c>: uniform in [low, high), by masked rejection of 32-bit words, or 64-bit ones for a range beyond them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public long NextInteger(long low, long high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        return unchecked(low + (long)Masked((ulong)high - (ulong)low - 1));
    }

    /// <summary><c>tomaxint()</c>: uniform in [0, 2^63).</summary>
    public long NextMaxInt() => (long)(NextLongWord() >> 1);

    /// <summary><c>bytes(length)</c>: each word's bytes, the lowest first.</summary>
    public void NextBytes(Span<byte> destination)
    {
        uint word = 0;
        for (int i = 0; i < destination.Length; i++)
        {
            word = i % 4 == 0 ? _words.Next() : word >> 8;
            destination[i] = (byte)word;
        }
    }

    /// <summary><c>shuffle(items)</c>: Fisher and Yates from the last place down, each index by masked rejection.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)Masked((uint)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary><c>permutation(count)</c> of 0, 1, ..., count - 1.</summary>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var items = Enumerable.Range(0, count).ToArray();
        Shuffle<int>(items);
        return items;
    }

    /// <summary><c>choice(population, size, replace)</c>: indices below <paramref name="population"/>.</summary>
    /// <exception cref="ArgumentException">More are asked for than there are.</exception>
    public int[] Choice(int population, int size, bool replace = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(population);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (size > 0 && (replace ? population == 0 : population < size)) throw new ArgumentException($"{size} cannot be chosen of {population}.", nameof(size));
        if (!replace) return Permutation(population)[..size];
        var chosen = new int[size];
        for (int i = 0; i < size; i++) chosen[i] = (int)NextInteger(0, population);
        return chosen;
    }

    /// <summary><c>choice(len(p), size, replace, p)</c>: indices with these probabilities.</summary>
    /// <exception cref="ArgumentException">
    /// A probability is negative or not a number, their sum differs from 1 by more than 2^-26, or fewer of them than asked for are positive.
    /// </exception>
    public int[] Choice(ReadOnlySpan<double> p, int size, bool replace = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        CheckProbabilities(p, replace ? 1 : size);
        return replace ? ChooseWithReplacement(p, size) : ChooseDistinct(p.ToArray(), size);
    }

    /// <summary><c>randn()</c>: standard normal, by Marsaglia's polar method; the second number of each pair is kept for the next call.</summary>
    public double NextNormal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }

        double x, y, square;
        do
        {
            x = 2 * NextDouble() - 1;
            y = 2 * NextDouble() - 1;
            square = x * x + y * y;
        }
        while (square is >= 1 or 0);
        double factor = Math.Sqrt(-2 * PortableMath.Log(square) / square);
        _spareNormal = factor * x;
        return factor * y;
    }

    /// <summary><c>standard_gamma(shape)</c>: Marsaglia and Tsang (2000) for a shape above 1, Ahrens and Dieter's GS (1974) below, -ln U at 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is negative or not finite.</exception>
    public double NextGamma(double shape)
    {
        if (!(shape >= 0) || double.IsPositiveInfinity(shape))
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "The shape of a gamma distribution must be finite and not negative.");
        return shape switch { 0 => 0, < 1 => NextSmallGamma(shape), 1 => NextExponential(), _ => NextLargeGamma(shape) };
    }

    /// <summary><c>dirichlet(alpha)</c>: gamma numbers of shapes alpha divided by their sum. alpha [n], destination [n].</summary>
    /// <exception cref="ArgumentException">The lengths differ, or an alpha is not positive.</exception>
    public void NextDirichlet(ReadOnlySpan<double> alpha, Span<double> destination)
    {
        if (alpha.Length != destination.Length)
            throw new ArgumentException($"{alpha.Length} alphas do not fit {destination.Length} results.", nameof(destination));
        double sum = 0;
        for (int i = 0; i < alpha.Length; i++)
        {
            if (!(alpha[i] > 0)) throw new ArgumentException($"The alphas of a Dirichlet distribution must be positive, but one is {alpha[i]}.", nameof(alpha));
            destination[i] = NextGamma(alpha[i]);
            sum += destination[i];
        }

        double inverse = 1 / sum;
        foreach (ref double value in destination) value *= inverse;
    }

    private double NextExponential() => -PortableMath.Log(1 - NextDouble());

    private double NextSmallGamma(double shape)
    {
        while (true)
        {
            double u = NextDouble(), v = NextExponential();
            if (u <= 1 - shape)
            {
                double x = PortableMath.Power(u, 1 / shape);
                if (x <= v) return x;
            }
            else
            {
                double y = -PortableMath.Log((1 - u) / shape), x = PortableMath.Power(1 - shape + shape * y, 1 / shape);
                if (x <= v + y) return x;
            }
        }
    }

    private double NextLargeGamma(double shape)
    {
        double b = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * b);
        while (true)
        {
            double x, v;
            do
            {
                x = NextNormal();
                v = 1 + c * x;
            }
            while (v <= 0);
            v = v * v * v;
            double u = NextDouble();
            if (u < 1 - 0.0331 * (x * x) * (x * x) || PortableMath.Log(u) < 0.5 * x * x + b * (1 - v + PortableMath.Log(v))) return b * v;
        }
    }

    private int[] ChooseWithReplacement(ReadOnlySpan<double> p, int size)
    {
        var cumulative = Cumulative(p);
        var chosen = new int[size];
        for (int i = 0; i < size; i++) chosen[i] = FirstAbove(cumulative, NextDouble());
        return chosen;
    }

    // As many draws as are still missing, of which only each index's first counts; then again among the rest.
    private int[] ChooseDistinct(double[] p, int size)
    {
        var chosen = new List<int>(size);
        var seen = new HashSet<int>();
        while (chosen.Count < size)
        {
            var draws = new double[size - chosen.Count];
            foreach (ref double draw in draws.AsSpan()) draw = NextDouble();
            foreach (int index in chosen) p[index] = 0;
            var cumulative = Cumulative(p);
            foreach (double draw in draws)
            {
                int index = FirstAbove(cumulative, draw);
                if (seen.Add(index)) chosen.Add(index);
            }
        }

        return [.. chosen];
    }

    private static double[] Cumulative(ReadOnlySpan<double> p)
    {
        var sums = new double[p.Length];
        double sum = 0;
        for (int i = 0; i < p.Length; i++) sums[i] = sum += p[i];
        foreach (ref double value in sums.AsSpan()) value /= sum;
        return sums;
    }

    // NumPy's searchsorted(side='right').
    private static int FirstAbove(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static void CheckProbabilities(ReadOnlySpan<double> p, int leastPositive)
    {
        double sum = 0;
        int positive = 0;
        foreach (double value in p)
        {
            if (!(value >= 0)) throw new ArgumentException($"A probability must not be negative, but one is {value}.", nameof(p));
            sum += value;
            if (value > 0) positive++;
        }

        if (!(Math.Abs(sum - 1) <= 1.0 / (1 << 26))) throw new ArgumentException($"The probabilities sum to {sum}, not to 1.", nameof(p));
        if (positive < leastPositive) throw new ArgumentException($"{leastPositive} cannot be chosen where {positive} probabilities are positive.", nameof(p));
    }

    private ulong NextLongWord() => ((ulong)_words.Next() << 32) | _words.Next();

    /// <summary>Uniform in [0, largest]: words under the smallest mask that covers it, until one fits.</summary>
    private ulong Masked(ulong largest)
    {
        if (largest == 0) return 0;
        ulong mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(largest), value;
        do value = (largest <= uint.MaxValue ? _words.Next() : NextLongWord()) & mask;
        while (value > largest);
        return value;
    }
}
