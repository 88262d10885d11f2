namespace FedPure.Data.Random;

/// <summary>Numbers and orders drawn from a <see cref="Philox"/> stream.</summary>
public static class PhiloxExtensions
{
    /// <summary>Uniform in [0, 1): a multiple of 2^-24, exact in float32.</summary>
    public static float NextSingle(this ref Philox stream) => (stream.Next() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1): a multiple of 2^-53, of two words.</summary>
    public static double NextDouble(this ref Philox stream)
    {
        uint high = stream.Next() >> 5, low = stream.Next() >> 6;
        return (high * 67108864.0 + low) * (1.0 / (1L << 53));
    }

    /// <summary>Uniform in [0, bound), without bias: words beyond the last whole multiple of the bound are drawn again.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static int NextBelow(this ref Philox stream, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint limit = uint.MaxValue - (uint)((1UL << 32) % (uint)bound);
        uint word;
        do word = stream.Next();
        while (word > limit);
        return (int)(word % (uint)bound);
    }

    /// <summary>As <see cref="NextBelow"/>, from pairs of words, the higher half first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static long NextLongBelow(this ref Philox stream, long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound + 1) % (ulong)bound;
        ulong word;
        do word = ((ulong)stream.Next() << 32) | stream.Next();
        while (word > limit);
        return (long)(word % (ulong)bound);
    }

    /// <summary>
    /// Brings <paramref name="count"/> of the items, chosen uniformly, to the front in a uniform order (Fisher and Yates, from the first place up).
    /// </summary>
    public static void ChooseFirst(this ref Philox stream, Span<int> items, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int j = i + stream.NextBelow(items.Length - i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A uniform permutation in place (Fisher and Yates; Durstenfeld, Algorithm 235, CACM 1964), from the last place down.</summary>
    public static void Shuffle(this ref Philox stream, Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = stream.NextBelow(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
