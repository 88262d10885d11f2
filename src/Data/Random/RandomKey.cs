namespace FedPure.Data.Random;

/// <summary>
/// A splittable key of FedPure's own random numbers: a key is folded with what a draw is for (a purpose, a round, a client), and each folded key has a stream
/// of its own, so that no draw depends on the order of others. Folding is one <see cref="Philox"/> block under the key. The numbers are portable and will not
/// change.
/// </summary>
/// <param name="Value">The 64 bits of the key; a seed makes the first one.</param>
public readonly record struct RandomKey(ulong Value)
{
    /// <summary>The key of a user's seed.</summary>
    public static RandomKey FromSeed(long seed) => new RandomKey(0x46656450757265UL).Fold((ulong)seed); // "FedPure"

    /// <summary>The key for item <paramref name="data"/> under this one.</summary>
    public RandomKey Fold(ulong data)
    {
        // The high counter word keeps folds apart from the streams, which start at 0 there.
        Philox.Block(Value, data, ulong.MaxValue, out uint word0, out uint word1, out _, out _);
        return new RandomKey(((ulong)word1 << 32) | word0);
    }

    /// <summary>The key for a named purpose under this one, by the FNV-1a hash of the name's UTF-16 code units.</summary>
    public RandomKey Fold(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong hash = 14695981039346656037UL;
        foreach (char c in purpose) hash = (hash ^ c) * 1099511628211UL;
        return Fold(hash);
    }

    /// <summary>The stream of random words of this key.</summary>
    public Philox Stream() => new(Value, 0);
}
