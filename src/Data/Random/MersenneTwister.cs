namespace FedPure.Data.Random;

/// <summary>
/// MT19937 (Matsumoto and Nishimura: Mersenne Twister, a 623-dimensionally equidistributed uniform pseudo-random number generator. ACM TOMACS 8(1), 1998),
/// with the 2002 seeding: the word source of NumPy's RandomState.
/// </summary>
public sealed class MersenneTwister
{
    private const int Length = 624, Middle = 397;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    /// <summary>The generator that init_genrand(<paramref name="seed"/>) makes.</summary>
    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < Length; i++)
        {
            seed = 1812433253u * (seed ^ (seed >> 30)) + i;
            _state[i] = seed;
        }
    }

    /// <summary>The generator that init_by_array(<paramref name="key"/>) makes.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public MersenneTwister(ReadOnlySpan<uint> key)
        : this(19650218u)
    {
        if (key.IsEmpty) throw new ArgumentException("A seed that is a list needs at least one number.", nameof(key));
        int i = 1, j = 0;
        for (int k = Math.Max(Length, key.Length); k > 0; k--)
        {
            _state[i] = (_state[i] ^ (Before(i) * 1664525u)) + key[j] + (uint)j;
            i = Following(i);
            j = (j + 1) % key.Length;
        }

        for (int k = Length - 1; k > 0; k--)
        {
            _state[i] = (_state[i] ^ (Before(i) * 1566083941u)) - (uint)i;
            i = Following(i);
        }

        _state[0] = 0x80000000u;
    }

    /// <summary>The next 32-bit word.</summary>
    public uint Next()
    {
        if (_next == Length) Twist();
        uint word = _state[_next++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C5680u;
        word ^= (word << 15) & 0xEFC60000u;
        return word ^ (word >> 18);
    }

    private uint Before(int i) => _state[i - 1] ^ (_state[i - 1] >> 30);

    // The place after the last one is 1, and 0 takes the last one's value.
    private int Following(int i)
    {
        if (++i < Length) return i;
        _state[0] = _state[Length - 1];
        return 1;
    }

    private void Twist()
    {
        for (int i = 0; i < Length; i++)
        {
            uint y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Length] & 0x7FFFFFFFu);
            _state[i] = _state[(i + Middle) % Length] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DFu);
        }

        _next = 0;
    }
}
