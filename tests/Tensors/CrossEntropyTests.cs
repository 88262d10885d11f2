namespace FedPure.Tensors;

/// <summary>Softmax cross-entropy: the reference against its own differences, the kernel against the reference, and the cases at the edges.</summary>
public class CrossEntropyTests
{
    [Theory, InlineData(1, 2), InlineData(3, 5), InlineData(4, 17)]
    public void The_reference_gradient_is_the_central_difference_of_the_reference_loss(int rows, int classCount)
    {
        double[] logits = Doubles.Widen(Samples.Uniform(rows * classCount, 1, -3f, 3f)), gradient = new double[logits.Length];
        int[] labels = Samples.Labels(rows, classCount, 2);
        Reference.SoftmaxBackward(logits, labels, gradient, classCount);

        // Truncation is h²/6 times a third derivative of at most 1; each loss, up to 8, is off by a few 2^-53, and 2h divides that.
        const double H = 1e-5, Bound = H * H + 8 * 8 * 1.2e-16 / (2 * H);
        for (int i = 0; i < logits.Length; i++)
        {
            double kept = logits[i];
            logits[i] = kept + H;
            double above = Reference.SoftmaxCrossEntropy(logits, labels, classCount);
            logits[i] = kept - H;
            double below = Reference.SoftmaxCrossEntropy(logits, labels, classCount);
            logits[i] = kept;
            Assert.InRange((above - below) / (2 * H) - gradient[i], -Bound, Bound);
        }
    }

    [Theory, InlineData(1f), InlineData(20f)]
    public void Gradient_and_loss_are_within_the_bound_of_the_reference(float range)
    {
        foreach (int classCount in Sizes.Lengths)
        {
            if (classCount == 0) continue;
            foreach (int rows in (ReadOnlySpan<int>)[1, 2, 16, 17, 33])
            {
                float[] logits = Samples.Uniform(rows * classCount, 3, -range / 2, range / 2);
                int[] labels = Samples.Labels(rows, classCount, 4);
                double[] wide = Doubles.Widen(logits), expected = new double[logits.Length], probabilities = new double[logits.Length];
                Reference.SoftmaxBackward(wide, labels, expected, classCount);
                Reference.Softmax(wide, probabilities, classCount);
                double expectedLoss = Reference.SoftmaxCrossEntropy(wide, labels, classCount);
                float loss = CrossEntropy.SoftmaxBackward(logits, labels, classCount);

                // A probability's relative error, carried through - 1 as an absolute one; then that subtraction, 1/rows and the product round once each.
                double relative = SoftmaxAccuracyTests.RelativeBound(range, classCount);
                for (int i = 0; i < logits.Length; i++)
                {
                    double bound = relative * probabilities[i] / rows * 1.001 + Rounding.Gamma(3) * Math.Abs(expected[i]) + 2 * Rounding.Smallest;
                    Assert.InRange(logits[i] - expected[i], -bound, bound);
                }

                // A relative error of a row's sum is an absolute one of its logarithm, which lies in [0, ln n] and rounds to 1 ulp ≤ 2u; the mean rounds once.
                double lossBound = relative + 2 * Rounding.Unit * Math.Log(classCount) + Rounding.Unit * expectedLoss + 1e-14;
                Assert.InRange(loss - expectedLoss, -lossBound, lossBound);
            }
        }
    }

    [Fact]
    public void Saturated_logits_give_their_distance_as_loss()
    {
        float[] logits = [1000f, 0f, -1000f, 0f, 1000f, 0f];
        double sum = CrossEntropy.SoftmaxBackward(logits, [2, 1], 3, out int correct);
        Assert.Equal(2000, sum);
        Assert.Equal(1, correct);
        Assert.Equal([0.5f, 0f, -0.5f, 0f, 0f, 0f], logits);
    }

    [Fact]
    public void The_largest_finite_logits_give_a_finite_sum_in_double()
    {
        float[] logits = [float.MaxValue, float.MinValue];
        Assert.Equal(2.0 * float.MaxValue, CrossEntropy.SoftmaxBackward(logits, [1], 2, out _));
        Assert.Equal([1f, -1f], logits);
    }

    [Fact]
    public void Equal_logits_count_for_the_first_class_only()
    {
        foreach (int classCount in (ReadOnlySpan<int>)[1, 2, 10, 16, 17, 33])
        {
            for (int label = 0; label < classCount; label++)
            {
                var logits = new float[classCount];
                double loss = CrossEntropy.Evaluate(logits, [label], classCount, out int correct);
                Assert.Equal(label == 0 ? 1 : 0, correct);
                Assert.Equal(Math.Log(classCount), loss, 2 * Rounding.Unit * (1 + Math.Log(classCount)));
            }
        }
    }

    [Fact]
    public void A_tie_at_the_maximum_counts_for_the_earlier_of_two()
    {
        for (int label = 0; label < 4; label++)
        {
            CrossEntropy.Evaluate([0f, 7f, 1f, 7f], [label], 4, out int correct);
            Assert.Equal(label == 1 ? 1 : 0, correct);
        }
    }

    [Fact]
    public void Evaluation_has_the_loss_and_the_count_of_the_backward_pass()
    {
        float[] logits = Samples.Uniform(33 * 10, 7, -5f, 5f);
        int[] labels = Samples.Labels(33, 10, 8);
        double evaluated = CrossEntropy.Evaluate([.. logits], labels, 10, out int correct);
        double trained = CrossEntropy.SoftmaxBackward([.. logits], labels, 10, out int correctThen);
        Bits.AssertSame(trained, evaluated, "loss");
        Assert.Equal(correctThen, correct);
        Bits.AssertSame((float)(trained / 33), CrossEntropy.SoftmaxBackward(logits, labels, 10), "mean loss");
    }

    [Fact]
    public void Rows_with_NaN_give_NaN_and_count_as_wrong()
    {
        float[] logits = [0f, float.NaN, 1f, 5f, 6f, 7f];
        Assert.True(double.IsNaN(CrossEntropy.SoftmaxBackward(logits, [1, 2], 3, out int correct)));
        Assert.Equal(1, correct);
        Assert.True(float.IsNaN(logits[0]) && float.IsNaN(logits[1]) && float.IsNaN(logits[2]));
        Assert.True(Vectors.AllFinite(logits.AsSpan(3)));
    }

    [Fact]
    public void No_rows_have_no_loss()
    {
        Assert.Equal(0f, CrossEntropy.SoftmaxBackward([], [], 10));
        Assert.Equal(0, CrossEntropy.Evaluate([], [], 10, out int correct));
        Assert.Equal(0, correct);
    }

    [Theory, InlineData(10), InlineData(-1), InlineData(int.MinValue)]
    public void A_label_out_of_range_is_named_with_its_row_and_the_range(int label)
    {
        var logits = new float[3 * 10];
        foreach (bool backward in (ReadOnlySpan<bool>)[true, false])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => backward
                ? CrossEntropy.SoftmaxBackward(logits, [0, 9, label], 10, out _)
                : CrossEntropy.Evaluate(logits, [0, 9, label], 10, out _));
            Assert.Contains("row 2", error.Message, StringComparison.Ordinal);
            Assert.Contains($" {label},", error.Message, StringComparison.Ordinal);
            Assert.Contains("0 to 9", error.Message, StringComparison.Ordinal);
        }

        Assert.All(logits, x => Assert.Equal(0f, x)); // checked before anything is computed
    }
}
