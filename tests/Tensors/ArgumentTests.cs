namespace FedPure.Tensors;

/// <summary>Wrong arguments are refused with a message that holds both numbers; empty operands are no error.</summary>
public class ArgumentTests
{
    public static TheoryData<string, Action, int, int> WrongLengths => new()
    {
        // m = 2, k = 3, n = 4: 6, 12 and 8 elements.
        { "Multiply a", () => MatMul.Multiply(new float[5], new float[12], new float[8], 2, 4, 3), 6, 5 },
        { "Multiply b", () => MatMul.Multiply(new float[6], new float[13], new float[8], 2, 4, 3), 12, 13 },
        { "Multiply c", () => MatMul.Multiply(new float[6], new float[12], new float[9], 2, 4, 3), 8, 9 },
        { "Multiply overflow", () => MatMul.Multiply([], [], [], 65536, 65536, 65536), 65536, 0 },
        { "MultiplyTransposedB a", () => MatMul.MultiplyTransposedB(new float[7], new float[12], new float[8], 2, 4, 3), 6, 7 },
        { "MultiplyTransposedB b", () => MatMul.MultiplyTransposedB(new float[6], new float[11], new float[8], 2, 4, 3), 12, 11 },
        { "MultiplyTransposedB c", () => MatMul.MultiplyTransposedB(new float[6], new float[12], new float[7], 2, 4, 3), 8, 7 },
        { "AddTransposedA a", () => MatMul.AddTransposedA(new float[5], new float[12], new float[8], 2, 4, 3), 6, 5 },
        { "AddTransposedA b", () => MatMul.AddTransposedA(new float[6], new float[14], new float[8], 2, 4, 3), 12, 14 },
        { "AddTransposedA c", () => MatMul.AddTransposedA(new float[6], new float[12], [], 2, 4, 3), 8, 0 },
        { "AddScaled", () => Vectors.AddScaled(new float[3], 1f, new float[4]), 3, 4 },
        { "Dot", () => Vectors.Dot(new float[7], new float[4]), 7, 4 },
        { "Exp", () => Elementary.Exp(new float[3], new float[5]), 3, 5 },
        { "Log", () => Elementary.Log(new float[3], new float[2]), 3, 2 },
        { "AddBias", () => Activation.AddBias(new float[7], new float[3]), 7, 3 },
        { "AddBiasGradient", () => Activation.AddBiasGradient(new float[8], new float[3]), 8, 3 },
        { "ReluBackward", () => Activation.ReluBackward(new float[8], new float[9]), 8, 9 },
        { "Softmax rows", () => Softmax.Forward(new float[11], new float[11], 3), 11, 3 },
        { "Softmax destination", () => Softmax.Forward(new float[12], new float[9], 3), 12, 9 },
        { "SoftmaxBackward", () => CrossEntropy.SoftmaxBackward(new float[11], [0, 1, 2, 0], 3), 12, 11 },
        { "Evaluate", () => CrossEntropy.Evaluate(new float[13], [0, 1, 2, 0], 3, out _), 12, 13 },
        { "FixedPoint high", () => FixedPoint.AddScaled(new float[3], 1, new long[4], new long[3]), 3, 4 },
        { "FixedPoint low", () => FixedPoint.AddScaled(new float[3], 1, new long[3], new long[2]), 3, 2 },
        { "FixedPointMean high", () => FixedPointMean.Divide(new long[4], new long[3], 1, 0, new float[3]), 3, 4 },
        { "FixedPointMean low", () => FixedPointMean.Divide(new long[3], new long[5], 1, 0, new float[3]), 3, 5 },
    };

    public static TheoryData<string, Action> OutOfRange => new()
    {
        { "Multiply m", () => MatMul.Multiply([], [], [], -1, 0, 0) },
        { "Multiply n", () => MatMul.Multiply([], [], [], 0, -1, 0) },
        { "Multiply k", () => MatMul.Multiply([], [], [], 0, 0, -1) },
        { "Multiply, two negative", () => MatMul.Multiply(new float[6], new float[6], new float[4], -2, -2, -3) },
        { "MultiplyTransposedB k", () => MatMul.MultiplyTransposedB([], [], [], 0, 0, -1) },
        { "AddTransposedA n", () => MatMul.AddTransposedA([], [], [], 0, -3, 0) },
        { "AddBias", () => Activation.AddBias([], []) },
        { "AddBiasGradient", () => Activation.AddBiasGradient([], []) },
        { "Softmax", () => Softmax.Forward([], [], 0) },
        { "SoftmaxBackward", () => CrossEntropy.SoftmaxBackward([], [], 0) },
        { "Evaluate", () => CrossEntropy.Evaluate([], [], -1, out _) },
        { "FixedPointMean, no weight", () => FixedPointMean.Divide(new long[1], new long[1], 0, 0, new float[1]) },
        { "FixedPointMean, negative weight", () => FixedPointMean.Divide(new long[1], new long[1], 0, -1, new float[1]) },
    };

    [Theory, MemberData(nameof(WrongLengths))]
    public void A_wrong_length_is_refused_with_both_numbers(string what, Action call, int wanted, int given)
    {
        var error = Assert.ThrowsAny<ArgumentException>(call);
        string[] words = error.Message.Split(' ', '.', ';', ',', '×');
        Assert.True(words.Contains($"{wanted}") && words.Contains($"{given}"), $"{what}: {error.Message}");
        Assert.NotNull(error.ParamName);
    }

    [Theory, MemberData(nameof(OutOfRange))]
    public void A_size_out_of_range_is_refused(string what, Action call)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(call);
        Assert.True(error.ParamName is not null, what);
    }

    [Theory, InlineData(1), InlineData(4), InlineData(17), InlineData(33)]
    public void An_empty_sum_is_zero_and_adds_nothing(int n)
    {
        float[] filled = Samples.Create(DataKind.Special, 3 * n, 1), c = [.. filled];
        MatMul.AddTransposedA([], [], c, 3, n, 0, float.NaN);
        Bits.AssertSame(filled, c, "AddTransposedA");
        Activation.AddBiasGradient([], c, float.NaN);
        Bits.AssertSame(filled, c, "AddBiasGradient");
        MatMul.Multiply([], [], c, 3, n, 0);
        Bits.AssertSame(new float[3 * n], c, "Multiply");
        filled.CopyTo(c, 0);
        MatMul.MultiplyTransposedB([], [], c, 3, n, 0);
        Bits.AssertSame(new float[3 * n], c, "MultiplyTransposedB");
    }

    [Fact]
    public void Empty_products_and_vectors_are_no_error()
    {
        MatMul.Multiply([], new float[6], [], 0, 3, 2);
        MatMul.Multiply(new float[6], [], [], 3, 0, 2);
        MatMul.MultiplyTransposedB([], new float[6], [], 0, 3, 2);
        MatMul.MultiplyTransposedB(new float[6], [], [], 3, 0, 2);
        MatMul.AddTransposedA([], new float[6], [], 0, 3, 2);
        MatMul.AddTransposedA(new float[6], [], [], 3, 0, 2);
        Vectors.AddScaled([], 1f, []);
        Elementary.Exp([], []);
        Activation.Relu([]);
        Assert.Equal(0f, Vectors.Dot([], []));
        Assert.Equal(0f, Vectors.NormL2([]));
        Assert.Equal(0f, Vectors.NormInf([]));
        Assert.True(Vectors.AllFinite([]));
    }
}
