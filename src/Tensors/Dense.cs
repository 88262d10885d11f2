namespace FedPure.Tensors;

/// <summary>
/// The forward pass of a dense layer whose kernel is stored [outputs×inputs], in one pass over its output: bias and ReLU are applied where the product's sums are at
/// hand, with the bits of <see cref="MatMul"/>, <see cref="Activation.AddBias"/> and <see cref="Activation.Relu(Span{float})"/> one after the other.
/// </summary>
public static class Dense
{
    /// <summary>y = x·kernelᵀ + bias, and with relu max(y, 0). x [rows×inputs], kernel [outputs×inputs], bias [outputs], y [rows×outputs].</summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows or inputs is negative.</exception>
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, Span<float> y, int rows, int inputs, bool relu)
    {
        Shape.CheckSizes(rows, bias.Length, inputs);
        Shape.Check(x.Length, rows, inputs, nameof(x));
        Shape.Check(kernel.Length, bias.Length, inputs, nameof(kernel));
        Shape.Check(y.Length, rows, bias.Length, nameof(y));
        if (!y.IsEmpty) MatMul.Inner(x, [], kernel, y, rows, bias.Length, inputs, bias, relu);
    }

    /// <summary>The same over listed rows of a table, in place: x [any×inputs], xRows [rows].</summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">inputs is negative, or a row lies outside x.</exception>
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> xRows, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, Span<float> y, int inputs, bool relu)
    {
        Shape.CheckSizes(xRows.Length, bias.Length, inputs);
        Shape.CheckRows(xRows, x.Length, inputs, nameof(x));
        Shape.Check(kernel.Length, bias.Length, inputs, nameof(kernel));
        Shape.Check(y.Length, xRows.Length, bias.Length, nameof(y));
        if (!y.IsEmpty) MatMul.Inner(x, xRows, kernel, y, xRows.Length, bias.Length, inputs, bias, relu);
    }
}
