namespace FedPure.Tensors;

/// <summary>Products over listed rows of a table have the bits of gathering the rows first.</summary>
public class ListedRowsTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 3, 2, 5 }, { 20, 10, 784 }, { 7, 33, 17 }, { 13, 4, 100 }, { 20, 200, 200 }, { 5, 16, 0 }, { 67, 41, 35 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void ForwardAndGradientEqualThoseOfGatheredRows(int rows, int outputs, int inputs)
    {
        var random = new Random(rows + outputs + inputs);
        const int TableRows = 31;
        float[] table = Floats(random, TableRows * inputs), weights = Floats(random, outputs * inputs), delta = Floats(random, rows * outputs);
        var list = Enumerable.Range(0, rows).Select(_ => random.Next(TableRows)).ToArray();
        var gathered = list.SelectMany(row => table.AsSpan(row * inputs, inputs).ToArray()).ToArray();

        float[] expected = new float[rows * outputs], actual = new float[rows * outputs];
        MatMul.MultiplyTransposedB(gathered, weights, expected, rows, outputs, inputs);
        MatMul.MultiplyTransposedB(table, list, weights, actual, outputs, inputs);
        Assert.True(expected.AsSpan().SequenceEqual(actual));

        float[] expectedGradient = weights.ToArray(), gradient = weights.ToArray();
        MatMul.AddTransposedA(delta, gathered, expectedGradient, outputs, inputs, rows, -0.7f);
        MatMul.AddTransposedA(delta, table, list, gradient, outputs, inputs, -0.7f);
        Assert.True(expectedGradient.AsSpan().SequenceEqual(gradient));
    }

    [Fact]
    public void ARowOutsideTheTableIsRefused()
    {
        foreach (int row in new[] { -1, 3 })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => MatMul.MultiplyTransposedB(new float[6], [0, row], new float[2], new float[2], 1, 2));
            Assert.Contains($"Row {row} is listed, but a has 3 rows", error.Message, StringComparison.Ordinal);
            error = Assert.Throws<ArgumentOutOfRangeException>(() => MatMul.AddTransposedA(new float[2], new float[6], [0, row], new float[2], 1, 2));
            Assert.Contains($"Row {row} is listed, but b has 3 rows", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ShapesAreChecked()
    {
        Assert.Throws<ArgumentException>(() => MatMul.MultiplyTransposedB(new float[5], [0], new float[2], new float[1], 1, 2));
        Assert.Throws<ArgumentException>(() => MatMul.MultiplyTransposedB(new float[6], [0], new float[2], new float[2], 1, 2));
        Assert.Throws<ArgumentException>(() => MatMul.AddTransposedA(new float[2], new float[6], [0], new float[2], 1, 2));
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
}
