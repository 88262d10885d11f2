namespace FedPure.Data.Random;

/// <summary>
/// The streams of TensorFlow's stateless random operations on a CPU: the two words of a seed, as a counter under a fixed key, give one block, whose halves are the
/// key and the upper counter of the stream.
/// </summary>
public static class StatelessPhilox
{
    // TensorFlow's key, 3EC8F720 02461E29, low word first.
    private const ulong ScramblingKey = 0x02461E29_3EC8F720;

    /// <summary>The stream of a seed's two words.</summary>
    public static Philox Stream(long first, long second)
    {
        Philox.Block(ScramblingKey, (ulong)first, (ulong)second, out uint word0, out uint word1, out uint word2, out uint word3);
        return new Philox(((ulong)word1 << 32) | word0, ((ulong)word3 << 32) | word2);
    }
}
