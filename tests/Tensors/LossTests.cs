using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// Clipped softmax cross-entropy, sigmoid cross-entropy and squared error: gradients against central differences of the double-precision definitions, losses
/// against these, and the same bits at every width.
/// </summary>
public class LossTests
{
    // A step h errs by h²/6 times a third derivative of order 1, plus a few 2^-53 of a loss below 50 over 2h: 1e-10 + 1e-9.
    private const double H = 1e-5, DifferenceBound = 2e-9;

    [Theory, InlineData(1, 1), InlineData(5, 1), InlineData(7, 3), InlineData(33, 1)]
    public void Sigmoid_cross_entropy_and_its_gradient(int rows, int columns)
    {
        float[] logits = Samples.Uniform(rows * columns, 1, -6f, 6f),
            targets = [.. Samples.Uniform(rows * columns, 2, 0f, 1f).Select((t, i) => i % 3 == 2 ? t : MathF.Round(t))];
        double[] wide = Doubles.Widen(logits);
        double expected = Reference.SigmoidCrossEntropy(wide, targets), loss = SigmoidCrossEntropy.Evaluate(logits, targets, columns) / rows;

        // A loss of at most 6 goes through five roundings and two elementary functions of an ulp each: below 9u·6.
        Assert.Equal(expected, loss, 9 * 6 * Rounding.Unit);
        Bits.AssertSame(loss * rows, SigmoidCrossEntropy.Backward(logits, targets, columns), "loss");
        AssertGradient(wide, logits, x => Reference.SigmoidCrossEntropy(x, targets), 6.0 / logits.Length);
    }

    [Theory, InlineData(1, 1), InlineData(7, 3), InlineData(40, 2)]
    public void Squared_error_and_its_gradient(int rows, int columns)
    {
        float[] predictions = Samples.Uniform(rows * columns, 3, -2f, 2f), targets = Samples.Uniform(rows * columns, 4, -2f, 2f);
        double[] wide = Doubles.Widen(predictions);
        double expected = Reference.SquaredError(wide, targets), loss = SquaredError.Evaluate([.. predictions], targets, columns) / rows;

        // Each square carries three roundings, the sum at most as many as it has terms.
        Assert.Equal(expected, loss, Rounding.Gamma(3 + predictions.Length) * expected);
        Bits.AssertSame(loss * rows, SquaredError.Backward(predictions, targets, columns), "loss");
        AssertGradient(wide, predictions, x => Reference.SquaredError(x, targets), 8.0 / predictions.Length);
    }

    [Theory, InlineData(1, 2, 3f), InlineData(3, 5, 10f), InlineData(4, 17, 30f), InlineData(2, 40, 40f)]
    public void Clipped_cross_entropy_and_its_gradient(int rows, int classCount, float range)
    {
        float[] logits = Samples.Uniform(rows * classCount, 5, -range, range);
        int[] labels = Samples.Labels(rows, classCount, 6);
        double[] wide = Doubles.Widen(logits), exact = new double[logits.Length];
        Reference.Softmax(wide, exact, classCount);
        var clipped = exact.Select((p, i) => (p, i)).Where(e => e.p is < 1e-7f or > 1 - 1e-7f).ToDictionary(e => e.i, e => Math.Clamp(e.p, 1e-7f, 1 - 1e-7f));
        if (exact.Any(p => Math.Abs(p / 1e-7 - 1) < 1e-3)) Assert.Fail("The seed puts a probability on the edge of the clip; choose another.");
        if (range > 20) Assert.NotEmpty(clipped);

        Softmax.Forward(logits, logits, classCount);
        double expected = Reference.ClippedCrossEntropy(wide, labels, classCount),
            loss = CrossEntropy.EvaluateClipped(logits, labels, classCount, out int correct) / rows;
        double relative = SoftmaxAccuracyTests.RelativeBound(2 * range, classCount);

        // The logarithms of the sum and of the label's probability, with the relative error of a probability and an ulp of at most 16.2 each.
        Assert.Equal(expected, loss, 2 * relative + 4 * 16.2 * Rounding.Unit);
        Assert.Equal(
            Enumerable.Range(0, rows).Count(
                i => exact.AsSpan(i * classCount, classCount).IndexOf(exact.AsSpan(i * classCount, classCount).ToArray().Max()) == labels[i]),
            correct);
        Bits.AssertSame(loss * rows, CrossEntropy.ClippedBackward(logits, labels, classCount, out int correctThen), "loss");
        Assert.Equal(correct, correctThen);
        AssertGradient(wide, logits, x => Reference.ClippedCrossEntropy(x, labels, classCount, clipped), 1.0 / rows, 4 * relative / rows);
    }

    [Fact]
    public void A_clipped_label_costs_no_more_than_sixteen_and_passes_nothing_back()
    {
        float[] probabilities = [1f, 0f, 0f];
        double loss = CrossEntropy.ClippedBackward(probabilities, [1], 3, out int correct);
        Assert.Equal(16.118, loss, 1e-3);
        Assert.Equal(0, correct);
        Assert.All(probabilities, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Losses_without_rows_are_zero_and_NaN_stays_NaN()
    {
        Assert.Equal(0, SigmoidCrossEntropy.Backward([], [], 1));
        Assert.Equal(0, SquaredError.Backward([], [], 1));
        Assert.Equal(0, CrossEntropy.ClippedBackward([], [], 3, out _));
        Assert.True(double.IsNaN(SigmoidCrossEntropy.Evaluate([float.NaN], [1f], 1)));
        Assert.True(double.IsNaN(SquaredError.Evaluate([float.NaN], [1f], 1)));
        Assert.True(double.IsNaN(CrossEntropy.EvaluateClipped([float.NaN, float.NaN], [1], 2, out int correct)));
        Assert.Equal(0, correct);
    }

    [Fact]
    public void Large_logits_lose_nothing()
    {
        float[] logits = [500f, -500f, 50f];
        Assert.Equal(500 + 500 + Math.Exp(-50), SigmoidCrossEntropy.Evaluate(logits, [0f, 1f, 1f], 1));
        float[] tiny = [50f];
        SigmoidCrossEntropy.Backward(tiny, [1f], 1);
        Assert.Equal(-Math.Exp(-50), tiny[0], Math.Exp(-50) * 1e-6);
    }

    [Fact]
    public void Shapes_are_checked()
    {
        Assert.Throws<ArgumentException>(() => SigmoidCrossEntropy.Evaluate([1f, 2f], [1f], 1));
        Assert.Throws<ArgumentException>(() => SigmoidCrossEntropy.Evaluate([1f, 2f, 3f], [1f, 2f, 3f], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => SquaredError.Evaluate([], [], 0));
        Assert.Throws<ArgumentException>(() => SquaredError.Evaluate(new float[2], [1f], 1));
        Assert.Throws<ArgumentException>(() => CrossEntropy.EvaluateClipped([1f], [0], 2, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.EvaluateClipped([1f, 0f], [2], 2, out _));
        Assert.Throws<ArgumentException>(() => Activation.TanhBackward([1f], new float[2]));
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge), InlineData(DataKind.Special)]
    public void Losses_have_the_same_bits_at_every_width(DataKind kind)
    {
        foreach (int length in Sizes.Lengths)
        {
            if (length == 0) continue;
            Widths.AssertSameBitsAtEveryOffset(new SigmoidRun(kind, length));
            foreach (int rows in (ReadOnlySpan<int>)[1, 2, 17]) Widths.AssertSameBitsAtEveryOffset(new ClippedRun(kind, rows, length));
        }
    }

    private static void AssertGradient(double[] x, float[] gradient, Func<double[], double> loss, double scale, double bound = 0)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double kept = x[i];
            x[i] = kept + H;
            double above = loss(x);
            x[i] = kept - H;
            double below = loss(x);
            x[i] = kept;

            // scale is the size of a gradient's terms; each goes through a handful of roundings.
            Assert.Equal((above - below) / (2 * H), gradient[i], DifferenceBound + bound + Rounding.Gamma(8) * scale);
        }
    }

    private sealed record SigmoidRun(DataKind Kind, int Length) : IKernelRun
    {
        private readonly float[] _logits = Samples.Create(Kind, Length, 7), _targets = Samples.Uniform(Length, 8, 0f, 1f);

        public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
        {
            GuardedBuffer logits = new(_logits, offset), targets = new(_targets, (offset + 1) % 4);
            double sum = SigmoidCrossEntropy.Blocks<T>(logits.Span, targets.Span, logits.Span);
            targets.AssertUnchanged(_targets, $"{this}, targets");
            return new(logits.Values($"{this}, logits"), sum);
        }
    }

    private sealed record ClippedRun(DataKind Kind, int Rows, int ClassCount) : IKernelRun
    {
        private readonly float[] _values = Samples.Create(Kind, Rows * ClassCount, 9);

        private readonly int[] _labels = Samples.Labels(Rows, ClassCount, 10);

        public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
        {
            var values = new GuardedBuffer(_values, offset);
            double sum = CrossEntropy.Clipped<T>(values.Span, values.Span, _labels, ClassCount, out int correct);
            return new(values.Values($"{this}, probabilities"), sum, correct);
        }
    }
}
