namespace FedPure.Data.Random;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011): 10 rounds that turn a 128-bit counter and a 64-bit key
/// into four 32-bit words. The generator of tf.data's shuffles, and the mixing function of <see cref="RandomKey"/>. A mutable struct: pass it by reference.
/// </summary>
public struct Philox
{
    private readonly ulong _key;
    private ulong _counterLow, _counterHigh;
    private uint _word0, _word1, _word2, _word3;
    private int _unread;

    /// <summary>
    /// The stream of key <paramref name="seed"/> whose counter starts at <paramref name="seed2"/>·2^64, as TensorFlow's PhiloxRandom(seed, seed2) does.
    /// </summary>
    public Philox(ulong seed, ulong seed2)
    {
        _key = seed;
        _counterHigh = seed2;
    }

    /// <summary>The next 32-bit word; each block's four words come in their order.</summary>
    public uint Next()
    {
        if (_unread == 0)
        {
            Block(_key, _counterLow, _counterHigh, out _word0, out _word1, out _word2, out _word3);
            if (++_counterLow == 0) _counterHigh++;
            _unread = 4;
        }

        return _unread-- switch { 4 => _word0, 3 => _word1, 2 => _word2, _ => _word3 };
    }

    /// <summary>One block: the four words of a counter under a key.</summary>
    public static void Block(ulong key, ulong counterLow, ulong counterHigh, out uint word0, out uint word1, out uint word2, out uint word3)
    {
        const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
        uint c0 = (uint)counterLow, c1 = (uint)(counterLow >> 32), c2 = (uint)counterHigh, c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        (word0, word1, word2, word3) = (c0, c1, c2, c3);
    }
}
