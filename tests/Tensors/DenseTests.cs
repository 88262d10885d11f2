namespace FedPure.Tensors;

/// <summary>The fused forward pass of a dense layer has the bits of its parts one after the other.</summary>
public class DenseTests
{
    public static TheoryData<int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, bool>();
            foreach (var (rows, outputs, inputs) in new[] { (1, 1, 1), (20, 10, 784), (20, 200, 200), (7, 33, 17), (13, 3, 100), (5, 16, 0), (0, 4, 3) })
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
        float[] x = Samples.Create(DataKind.Plain, rows * inputs, 1), kernel = Samples.Create(DataKind.Plain, outputs * inputs, 2), bias = Samples.Create(DataKind.Plain, outputs, 3);
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
        Assert.Throws<ArgumentException>(() => Dense.Forward(new float[3], new float[2], new float[1], new float[1], 1, 2, false));
        Assert.Throws<ArgumentException>(() => Dense.Forward(new float[2], new float[3], new float[1], new float[1], 1, 2, false));
        Assert.Throws<ArgumentException>(() => Dense.Forward(new float[2], new float[2], new float[1], new float[2], 1, 2, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dense.Forward(new float[2], [1], new float[2], new float[1], new float[1], 2, false));
    }
}
