namespace FedPure.Tensors;

/// <summary>Vector operations, bias and ReLU against their references, within derived bounds.</summary>
public class VectorsAccuracyTests
{
    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny)]
    public void Dot_is_within_gamma_of_a_lane_and_the_fold(DataKind kind)
    {
        foreach (int n in (ReadOnlySpan<int>)[.. Sizes.Lengths, 10_000])
        {
            float[] x = Samples.Create(kind, n, 1), y = Samples.Create(kind, n, 2);

            // A lane holds ⌈n/64⌉ products; the fold of 64 lanes rounds six times more.
            double bound = Rounding.SumBound((n + 63) / 64 + 6, n + 64, Reference.Dot(Doubles.Abs(x), Doubles.Abs(y)));
            Assert.InRange(Vectors.Dot(x, y) - Reference.Dot(x, y), -bound, bound);
        }
    }

    // All but the first leave, by their squares, the range in which these may simply be added up, so that the vector is scaled by a power of two first.
    [Theory, InlineData(1f), InlineData(1e-20f), InlineData(1e-25f), InlineData(1e18f), InlineData(3e38f), InlineData(1e-40f)]
    public void NormL2_neither_overflows_nor_underflows(float size)
    {
        foreach (int n in (ReadOnlySpan<int>)[.. Sizes.Lengths, 1024, 1025, 5000])
        {
            float[] x = Samples.Create(DataKind.Plain, n, 1);
            for (int i = 0; i < n; i++) x[i] *= size;
            double expected = Reference.NormL2(x);
            float actual = Vectors.NormL2(x);

            // The sum as in Dot, over at most 1024 elements where it is scaled; the root halves its relative error and rounds once; the last 1e-8 is for
            // squares that underflow beside a sum of at least 1e-30: 5000·2^-149/1e-30.
            double relative = Rounding.Gamma((Math.Max(n, 1024) + 63) / 64 + 6) / 2 + Rounding.Unit + 1e-8;
            double bound = relative * expected + Rounding.Smallest;
            if (expected > float.MaxValue * (1 + relative)) Assert.Equal(float.PositiveInfinity, actual);
            else if (expected < float.MaxValue * (1 - relative)) Assert.InRange(actual - expected, -bound, bound);
        }
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny)]
    public void NormL1_is_within_gamma_of_a_lane_and_the_fold(DataKind kind)
    {
        foreach (int n in (ReadOnlySpan<int>)[.. Sizes.Lengths, 1023, 1024, 1025, 5000])
        {
            float[] x = Samples.Create(kind, n, 1), ones = [.. Enumerable.Repeat(1f, n)];

            // As in Dot over at most 1024 elements; the blocks add up in double, and the end rounds once.
            double expected = Reference.Dot(Doubles.Abs(x), ones), bound = Rounding.Gamma(1024 / 64 + 6 + 2) * expected + Rounding.Smallest;
            Assert.InRange(Vectors.NormL1(x) - expected, -bound, bound);
        }
    }

    // An element's lane is its place in its block of 1024, so a block's sum is Dot's with ones, which has the same bits at every width.
    [Fact]
    public void NormL1_sums_in_the_order_of_Dot()
    {
        foreach (int n in (ReadOnlySpan<int>)[.. Sizes.Lengths, 1023, 1024])
        {
            float[] x = Samples.Create(DataKind.Plain, n, 3), ones = [.. Enumerable.Repeat(1f, n)];
            Bits.AssertSame(Vectors.Dot(Doubles.Abs(x), ones), Vectors.NormL1(x), $"{n}");
        }
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge)]
    public void NormInf_is_exact(DataKind kind)
    {
        foreach (int n in Sizes.Lengths)
        {
            float[] x = Samples.Create(kind, n, n);
            Bits.AssertSame(Reference.NormInf(x), Vectors.NormInf(x), $"{n} of {kind}");
        }
    }

    [Theory]
    [InlineData(new[] { 1f, float.NaN, 2f }, float.NaN, float.NaN, float.NaN)]
    [InlineData(new[] { float.NaN, float.PositiveInfinity }, float.NaN, float.NaN, float.NaN)]
    [InlineData(new[] { 1f, float.NegativeInfinity }, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(new[] { -0f, 0f }, 0f, 0f, 0f)]
    [InlineData(new[] { float.Epsilon, -float.Epsilon }, 2 * float.Epsilon, float.Epsilon, float.Epsilon)]
    [InlineData(new[] { 3e38f, 3e38f }, float.PositiveInfinity, float.PositiveInfinity, 3e38f)]
    [InlineData(new[] { -3f, 4f }, 7f, 5f, 4f)]
    public void Norms_of_special_values(float[] x, float l1, float l2, float inf)
    {
        Bits.AssertSame(l1, Vectors.NormL1(x), "L1");
        Bits.AssertSame(l2, Vectors.NormL2(x), "L2");
        Bits.AssertSame(inf, Vectors.NormInf(x), "L∞");
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny)]
    public void AddScaled_rounds_at_most_twice(DataKind kind)
    {
        foreach (int n in Sizes.Lengths)
        {
            float[] x = Samples.Create(kind, n, 1), y = Samples.Create(kind, n, 2);
            double[] expected = Doubles.Widen(y), magnitude = Doubles.Widen(Doubles.Abs(y));
            Reference.AddScaled(x, -0.3f, expected);
            Reference.AddScaled(Doubles.Abs(x), 0.3f, magnitude);
            Vectors.AddScaled(x, -0.3f, y);
            for (int i = 0; i < n; i++)
            {
                double bound = Rounding.SumBound(2, 2, magnitude[i]);
                Assert.InRange(y[i] - expected[i], -bound, bound);
            }
        }
    }

    [Fact]
    public void Scale_rounds_once()
    {
        float[] x = Samples.Create(DataKind.Tiny, 257, 1), scaled = [.. x];
        Vectors.Scale(-0.7f, scaled);
        for (int i = 0; i < x.Length; i++) Bits.AssertSame((float)((double)-0.7f * x[i]), scaled[i], $"{x[i]:R}");
    }

    [Fact]
    public void AllFinite_finds_one_bad_element_anywhere()
    {
        foreach (int n in Sizes.Lengths)
        {
            float[] x = Samples.Create(DataKind.Huge, n, n);
            Assert.True(Vectors.AllFinite(x));
            for (int i = 0; i < n; i++)
            {
                float kept = x[i];
                x[i] = (i % 3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
                Assert.False(Reference.AllFinite(x) || Vectors.AllFinite(x), $"{x[i]} at {i} of {n}");
                x[i] = kept;
            }
        }
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Special)]
    public void Bias_and_relu_are_exact_and_rounded_once(DataKind kind)
    {
        foreach (int n in Sizes.Lengths)
        {
            if (n == 0) continue;
            float[] x = Samples.Create(kind, 7 * n, 1), bias = Samples.Create(kind, n, 2), d = Samples.Create(kind, 7 * n, 3), original = [.. d];
            double[] expected = Doubles.Widen(x);
            Reference.AddBias(expected, bias);
            Activation.AddBias(x, bias);
            for (int i = 0; i < x.Length; i++) Bits.AssertSame((float)expected[i], x[i], $"bias, n = {n}, element {i}");

            float[] output = [.. x];
            Activation.Relu(output);
            Activation.ReluBackward(output, d);
            for (int i = 0; i < x.Length; i++)
            {
                Assert.True(Reference.Relu(x[i]).Equals((double)output[i]) || (x[i] == 0 && output[i] == 0), $"ReLU of {x[i]:R} is {output[i]:R}");
                Bits.AssertSame((float)Reference.ReluBackward(output[i], original[i]), d[i], $"ReLU backward, n = {n}, element {i}");
            }
        }
    }

    [Fact]
    public void The_bias_gradient_is_within_gamma_of_rows_and_two()
    {
        foreach (int n in Sizes.Lengths)
        {
            if (n == 0) continue;
            float[] d = Samples.Create(DataKind.Plain, 33 * n, 1), gradient = Samples.Create(DataKind.Plain, n, 2);
            double[] expected = Doubles.Widen(gradient), magnitude = Doubles.Widen(Doubles.Abs(gradient));
            Reference.AddBiasGradient(d, expected, -0.1f);
            Reference.AddBiasGradient(Doubles.Abs(d), magnitude, 0.1f);
            Activation.AddBiasGradient(d, gradient, -0.1f);
            for (int j = 0; j < n; j++)
            {
                double bound = Rounding.SumBound(33 + 2, 33 + 2, magnitude[j]);
                Assert.InRange(gradient[j] - expected[j], -bound, bound);
            }
        }
    }
}
