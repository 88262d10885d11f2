using FedPure.Tensors;

namespace FedPure.Data.Random;

/// <summary>Normal numbers drawn from a <see cref="Philox"/> stream.</summary>
public static class PhiloxNormal
{
    /// <summary>
    /// A standard normal number by the polar method (Marsaglia and Bray, A convenient method for generating normal variables, 1964), with the library's own logarithm:
    /// the same bits on every system of one arithmetic class. Of the two numbers of a point, one is taken.
    /// </summary>
    public static float NextNormal(this ref Philox stream)
    {
        while (true)
        {
            float u = 2f * stream.NextSingle() - 1f, v = 2f * stream.NextSingle() - 1f, square = u * u + v * v;
            if (square is 0f or >= 1f) continue;
            Span<float> log = [square];
            Elementary.Log(log, log);
            return u * MathF.Sqrt(-2f * log[0] / square);
        }
    }

    /// <summary>A standard normal number of those within [-2, 2]; others are drawn again, as TensorFlow's truncated normal does.</summary>
    public static float NextTruncatedNormal(this ref Philox stream)
    {
        float value;
        do value = stream.NextNormal();
        while (value is < -2f or > 2f);
        return value;
    }
}
