using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Adafactor's parts against their double-precision definitions; the same bits at every width and alignment.</summary>
public class FactoredUpdatesTests
{
    private const float Beta = 0.4f, Epsilon = 1e-6f, Rate = 0.3f;

    // Around the vector widths, around the 64 rows and 256 columns of a partial sum, and beyond 2,048 columns.
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 1, 7 }, { 3, 1 }, { 2, 3 }, { 5, 8 }, { 4, 17 }, { 9, 33 }, { 10, 100 }, { 64, 31 }, { 65, 16 }, { 130, 5 }, { 3, 255 }, { 2, 257 },
        { 2, 2049 }, { 1, 2080 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Every_width_gives_the_same_bits(int rows, int columns)
    {
        foreach (var kind in Enum.GetValues<DataKind>()) Widths.AssertSameBitsAtEveryOffset(new FactoredRun(kind, rows, columns));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void The_parts_are_their_definitions_to_rounding(int rows, int columns)
    {
        var run = new FactoredRun(DataKind.Plain, rows, columns);
        float[] row = [.. run.Rows], column = [.. run.Columns], w = [.. run.Parameters];
        OptimizerUpdates.FactoredMoments(run.Gradient, row, column, Beta, Epsilon);

        // A square joins a float32 sum of at most 64 in each of 32 lanes, or of 64 rows, and then a sum in double: 66 roundings, and four of the running mean.
        double u = Rounding.Gamma(70);
        for (int i = 0; i < rows; i++)
            AssertRelative(Mean(run.Rows[i], Enumerable.Range(0, columns).Average(j => run.Square(i, j))), row[i], u, $"{run}, row {i}");
        for (int j = 0; j < columns; j++)
            AssertRelative(Mean(run.Columns[j], Enumerable.Range(0, rows).Average(i => run.Square(i, j))), column[j], u, $"{run}, column {j}");

        float mean = row.Average();
        double squares = 0, bound = 0;
        double step = Rounding.Gamma(8);
        double actual = OptimizerUpdates.FactoredSquares(run.Gradient, row, column, mean);
        OptimizerUpdates.FactoredStep(w, run.Gradient, row, column, mean, Rate);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                int k = i * columns + j;
                double x = run.Gradient[k] / Math.Sqrt((double)row[i] / mean * column[j]);
                squares += x * x;
                double expected = run.Parameters[k] - Rate * x;
                bound = step * (Math.Abs(run.Parameters[k]) + Rate * Math.Abs(x));
                Assert.True(Math.Abs(expected - w[k]) <= bound, $"{run}, parameter {k}: expected {expected:R}, got {w[k]:R}.");
            }
        }

        AssertRelative(squares, actual, u, $"{run}, squares");
    }

    [Fact]
    public void A_dead_row_and_column_stay_where_their_moments_vanish()
    {
        float[] w = [1f, 2f, 3f, 4f], g = [0f, 0f, 0f, 1f], row = [0f, 1f], column = [0f, 1f];
        Assert.Equal(2, OptimizerUpdates.FactoredSquares(g, row, column, 0.5f) + 1.5, 1e-6);
        OptimizerUpdates.FactoredStep(w, g, row, column, 0.5f, 1f);
        Assert.Equal([1f, 2f, 3f], w[..3]);
    }

    [Fact]
    public void Shapes_that_differ_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => OptimizerUpdates.FactoredMoments(new float[7], new float[2], new float[3], 0, 0));
        Assert.ThrowsAny<ArgumentException>(() => OptimizerUpdates.FactoredMoments(new float[6], new float[3], new float[3], 0, 0));
        Assert.ThrowsAny<ArgumentException>(() => OptimizerUpdates.FactoredSquares(new float[7], new float[2], new float[3], 1));
        Assert.ThrowsAny<ArgumentException>(() => OptimizerUpdates.FactoredStep(new float[6], new float[7], new float[2], new float[3], 1, 1));
        Assert.ThrowsAny<ArgumentException>(() => OptimizerUpdates.FactoredStep(new float[5], new float[6], new float[2], new float[3], 1, 1));
    }

    private static double Mean(double old, double value) => (double)Beta * old + (1 - (double)Beta) * (value + Epsilon);

    private static void AssertRelative(double expected, double actual, double bound, string what) =>
        Assert.True(Math.Abs(expected - actual) <= bound * expected, $"{what}: expected {expected:R}, got {actual:R}.");

    private sealed record FactoredRun(DataKind Kind, int RowCount, int ColumnCount) : IKernelRun
    {
        public float[] Parameters { get; } = Samples.Create(Kind, RowCount * ColumnCount, 1);

        public float[] Gradient { get; } = Samples.Create(Kind, RowCount * ColumnCount, 2);

        public float[] Rows { get; } = Doubles.Abs(Samples.Create(Kind, RowCount, 3));

        public float[] Columns { get; } = Doubles.Abs(Samples.Create(Kind, ColumnCount, 4));

        public double Square(int i, int j) => (double)Gradient[i * ColumnCount + j] * Gradient[i * ColumnCount + j];

        public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
        {
            GuardedBuffer w = new(Parameters, offset), g = new(Gradient, (offset + 1) % 4), rows = new(Rows, (offset + 2) % 4),
                columns = new(Columns, (offset + 3) % 4);
            OptimizerUpdates.FactoredMoments<T>(g.Span, rows.Span, columns.Span, Beta, Epsilon);
            double squares = OptimizerUpdates.FactoredSquares<T>(g.Span, rows.Span, columns.Span, 0.7f);
            OptimizerUpdates.FactoredStep<T>(w.Span, g.Span, rows.Span, columns.Span, 0.7f, Rate);
            g.AssertUnchanged(Gradient, $"{this}, gradient");
            return new([.. w.Values($"{this}, parameters"), .. rows.Values($"{this}, rows"), .. columns.Values($"{this}, columns")], squares);
        }

        public override string ToString() => $"[{RowCount}×{ColumnCount}] {Kind}";
    }
}
