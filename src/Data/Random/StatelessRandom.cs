namespace FedPure.Data.Random;

/// <summary>The streams of tf.random.stateless_uniform on a CPU, which Keras' seeded initializers and <see cref="StatelessNormal"/> draw from.</summary>
public static class StatelessRandom
{
    // The key under which TensorFlow mixes the seeds into the key and the counter of a stream.
    private const ulong MixingKey = 0x02461e29_3ec8f720;

    /// <summary>The stream of a pair of seeds.</summary>
    public static Philox Stream(ulong seed, ulong seed2)
    {
        Philox.Block(MixingKey, seed, seed2, out uint word0, out uint word1, out uint word2, out uint word3);
        return new Philox(((ulong)word1 << 32) | word0, ((ulong)word3 << 32) | word2);
    }

    /// <summary>Uniform in [0, 1) as TensorFlow makes it of a word: its lower 23 bits are the fraction of a number in [1, 2), less 1.</summary>
    public static float NextTensorFlowUniform(this ref Philox stream) => BitConverter.UInt32BitsToSingle((127u << 23) | (stream.Next() & 0x7FFFFF)) - 1f;
}
