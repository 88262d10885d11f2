namespace FedPure.Data.Random;

/// <summary>Numbers and orders drawn from a <see cref="Philox"/> stream.</summary>
public static class PhiloxExtensions
{
    /// <summary>Uniform in [0, 1): a multiple of 2^-24, exact in float32.</summary>
    public static float NextSingle(this ref Philox stream) => (stream.Next() >> 8) * (1f / (1 << 24));

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
