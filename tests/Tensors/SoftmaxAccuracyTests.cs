namespace FedPure.Tensors;

/// <summary>Softmax against its reference, its sum, and its invariance under shifts.</summary>
public class SoftmaxAccuracyTests
{
    [Theory, InlineData(1f), InlineData(10f), InlineData(60f)]
    public void Probabilities_are_within_the_bound_of_the_reference(float range)
    {
        foreach (int classCount in Sizes.Lengths)
        {
            if (classCount == 0) continue;
            float[] logits = Samples.Uniform(5 * classCount, 3, -range / 2, range / 2), actual = new float[logits.Length];
            double[] expected = new double[logits.Length];
            Reference.Softmax(Doubles.Widen(logits), expected, classCount);
            Softmax.Forward(logits, actual, classCount);
            double relative = RelativeBound(range, classCount);
            for (int i = 0; i < actual.Length; i++)
                Assert.InRange(actual[i] - expected[i], -relative * expected[i] - 2 * Rounding.Smallest, relative * expected[i] + 2 * Rounding.Smallest);
        }
    }

    /// <summary>
    /// The relative error of a probability in a row whose logits span <paramref name="range"/>. x - max is off by u·range, and exp turns that into a relative
    /// error; exp itself adds 1.01 ulp ≤ 2.02 u. Both happen to the numerator and, averaged, to the sum, which adds ⌈n/16⌉ roundings in a lane and 4 in
    /// the fold. The reciprocal and the product round once each.
    /// </summary>
    public static double RelativeBound(double range, int classCount) => Rounding.Gamma(2 * (range + 2.02) + (classCount + 15) / 16 + 4 + 2);

    [Fact]
    public void Rows_sum_to_one()
    {
        foreach (int classCount in Sizes.Lengths)
        {
            if (classCount == 0) continue;
            float[] probabilities = Samples.Uniform(9 * classCount, 4, -20f, 20f);
            Softmax.Forward(probabilities, probabilities, classCount);
            for (int row = 0; row < 9; row++)
            {
                double sum = 0;
                foreach (float p in probabilities.AsSpan(row * classCount, classCount)) sum += p;

                // Whatever the exponentials are, their sum in float32 is off by ⌈n/16⌉ + 4 roundings, and the reciprocal and the product add one each.
                double bound = Rounding.Gamma((classCount + 15) / 16 + 4 + 2) + classCount * Rounding.Smallest;
                Assert.InRange(sum - 1, -bound, bound);
            }
        }
    }

    // Logits that are multiples of 2^-10 stay exact when an integer is added, and so does their distance from the maximum.
    [Theory, InlineData(1f), InlineData(-1000f), InlineData(4096f)]
    public void An_exact_shift_of_the_logits_changes_no_bit(float shift)
    {
        foreach (int classCount in Sizes.Lengths)
        {
            if (classCount == 0) continue;
            float[] logits = Samples.Uniform(3 * classCount, 5, -8f, 8f);
            for (int i = 0; i < logits.Length; i++) logits[i] = MathF.Round(logits[i] * 1024f) / 1024f;
            float[] shifted = [.. logits];
            for (int i = 0; i < shifted.Length; i++) shifted[i] += shift;
            Softmax.Forward(logits, logits, classCount);
            Softmax.Forward(shifted, shifted, classCount);
            Bits.AssertSame(logits, shifted, $"{classCount} classes, shift {shift}");
        }
    }

    [Theory]
    [InlineData(new[] { 1000f, 999f, 998f }, false)]
    [InlineData(new[] { float.MaxValue, -float.MaxValue, 0f }, false)]
    [InlineData(new[] { 0f, float.NegativeInfinity, 0f }, false)]
    [InlineData(new[] { 0f, float.NaN, 0f }, true)]
    [InlineData(new[] { 0f, float.PositiveInfinity, 0f }, true)]
    [InlineData(new[] { float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity }, true)]
    public void Saturated_rows_are_finite_and_meaningless_ones_NaN(float[] logits, bool nan)
    {
        float[] probabilities = new float[3];
        Softmax.Forward(logits, probabilities, 3);
        if (nan)
        {
            Assert.All(probabilities, p => Assert.True(float.IsNaN(p)));
            return;
        }

        double[] expected = new double[3];
        Reference.Softmax(Doubles.Widen(logits), expected, 3);
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], probabilities[i], 6e-7);
    }

    [Fact]
    public void A_row_with_NaN_leaves_its_neighbours_alone()
    {
        float[] logits = Samples.Uniform(3 * 10, 6), alone = logits[..10];
        logits[13] = float.NaN;
        Softmax.Forward(logits, logits, 10);
        Softmax.Forward(alone, alone, 10);
        Bits.AssertSame(alone, logits.AsSpan(0, 10), "row 0");
        Assert.All(logits[10..20], p => Assert.True(float.IsNaN(p)));
        Assert.True(Vectors.AllFinite(logits.AsSpan(20)));
    }
}
