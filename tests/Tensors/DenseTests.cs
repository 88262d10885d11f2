namespace FedPure.Tensors;

/// <summary>The fused forward pass of a dense layer has the bits of its parts one after the other.</summary>
public class DenseTests
{
    public static TheoryData<int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, bool>();
            foreach (
                var (rows, outputs, inputs) in new[] { (1, 1, 1), (20, 10, 784), (20, 200, 200), (7, 33, 17), (13, 3, 100), (5, 16, 0), (0, 4, 3), (100, 400, 130) })
            {
                shapes.Add(rows, outputs, inputs, false);
                shapes.Add(rows, outputs, inputs, true);
            }

            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void FusedEqualsItsParts(int rows, int outputs, int inputs, bool relu)
    {
        float[] x = Samples.Create(DataKind.Plain, rows * inputs, 1), kernel = Samples.Create(DataKind.Plain, outputs * inputs, 2),
            bias = Samples.Create(DataKind.Plain, outputs, 3);
        float[] expected = new float[rows * outputs], actual = new float[rows * outputs];
        MatMul.MultiplyTransposedB(x, kernel, expected, rows, outputs, inputs);
        Activation.AddBias(expected, bias);
        if (relu) Activation.Relu(expected);
        Dense.Forward(x, kernel, bias, actual, rows, inputs, relu);
        Bits.AssertSame(expected, actual, "all rows");

        Array.Clear(actual);
        Dense.Forward(x, [.. Enumerable.Range(0, rows)], kernel, bias, actual, inputs, relu);
        Bits.AssertSame(expected, actual, "listed rows");
    }

    [Theory, MemberData(nameof(Shapes))]
    public void TheMaskOfReluInTheProductEqualsItsParts(int rows, int outputs, int inputs, bool largest)
    {
        // Outputs of a ReLU: exact zeros among them, and -0, NaN and a subnormal at the first.
        float[] x = Samples.Create(DataKind.Plain, rows * inputs, 1), d = Samples.Create(DataKind.Plain, rows * outputs, 2),
            kernel = Samples.Create(DataKind.Plain, outputs * inputs, 3);
        Activation.Relu(x);
        float[] special = [-0f, float.NaN, 1e-42f, -1f];
        special.AsSpan(0, Math.Min(special.Length, x.Length)).CopyTo(x);
        if (largest && d.Length > 0) d[^1] = float.NaN;
        float[] expected = new float[rows * inputs], actual = Samples.Create(DataKind.Plain, rows * inputs, 4);
        MatMul.Multiply(d, kernel, expected, rows, inputs, outputs);
        Activation.ReluBackward(x, expected);
        Dense.BackwardThroughRelu(d, kernel, x, actual, rows, inputs, outputs);
        Bits.AssertSame(expected, actual, $"{rows}×{outputs}×{inputs}");
    }

    [Fact]
    public void NaNStaysNaNUnderRelu()
    {
        var y = new float[2];
        Dense.Forward([float.NaN], [1f, -1f], [0f, 0f], y, 1, 1, relu: true);
        Assert.All(y, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void ShapesAreChecked()
    {
        Assert.Throws<ArgumentException>(() => Dense.BackwardThroughRelu(new float[2], new float[4], new float[1], new float[2], 1, 2, 2));
        Assert.Throws<ArgumentException>(() => Dense.BackwardThroughRelu(new float[2], new float[4], new float[2], new float[1], 1, 2, 2));
        Assert.Throws<ArgumentException>(() => Dense.Forward(new float[3], new float[2], new float[1], new float[1], 1, 2, false));
        Assert.Throws<ArgumentException>(() => Dense.Forward(new float[2], new float[3], new float[1], new float[1], 1, 2, false));
        Assert.Throws<ArgumentException>(() => Dense.Forward(new float[2], new float[2], new float[1], new float[2], 1, 2, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dense.Forward(new float[2], [1], new float[2], new float[1], new float[1], 2, false));
    }
}
