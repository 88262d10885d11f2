namespace FedPure.Data.Random;

/// <summary>Standard normal numbers as tf.random.stateless_normal draws them on a CPU.</summary>
public static class StatelessNormal
{
    // The least uniform number, so that its logarithm is finite.
    private const float Least = 1e-7f;

    /// <summary>
    /// Fills values from the stream of a seed's two words by pairs (Box and Muller, 1958): u, v uniform in [0, 1) give √(-2·ln u)·sin(2πv) and √(-2·ln
    /// u)·cos(2πv). TensorFlow computes them in float32, these are rounded to it once: the two differ by a few units in the last place.
    /// </summary>
    public static void Fill(long first, long second, Span<float> values)
    {
        var stream = StatelessRandom.Stream((ulong)first, (ulong)second);
        for (int i = 0; i < values.Length; i += 2)
        {
            double u = Math.Max(stream.NextTensorFlowUniform(), Least), degrees = 360.0 * stream.NextTensorFlowUniform();
            double radius = Math.Sqrt(-2 * PortableMath.Log(u));
            var (sin, cos) = PortableMath.SinCosDegrees(degrees);
            values[i] = (float)(radius * sin);
            if (i + 1 < values.Length) values[i + 1] = (float)(radius * cos);
        }
    }
}
