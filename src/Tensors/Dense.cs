namespace FedPure.Tensors;

/// <summary>
/// A dense layer whose kernel is stored [outputs×inputs], in one pass over what it writes: bias, ReLU and on the way back ReLU's mask are applied where the
/// product's sums are at hand, with the bits of <see cref="MatMul"/> and <see cref="Activation"/> one after the other.
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
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<int> xRows, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, Span<float> y, int inputs, bool relu)
    {
        Shape.CheckSizes(xRows.Length, bias.Length, inputs);
        Shape.CheckRows(xRows, x.Length, inputs, nameof(x));
        Shape.Check(kernel.Length, bias.Length, inputs, nameof(kernel));
        Shape.Check(y.Length, xRows.Length, bias.Length, nameof(y));
        if (!y.IsEmpty) MatMul.Inner(x, xRows, kernel, y, xRows.Length, bias.Length, inputs, bias, relu);
    }

    /// <summary>
    /// The gradient by the input x of the layer, where x is the output of a ReLU, taken through that ReLU: xGradient = d·kernel where x is positive, else 0.
    /// d [rows×outputs] is the gradient by the layer's output, kernel [outputs×inputs], x and xGradient [rows×inputs].
    /// </summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows, inputs or outputs is negative.</exception>
    public static void BackwardThroughRelu(
        ReadOnlySpan<float> d, ReadOnlySpan<float> kernel, ReadOnlySpan<float> x, Span<float> xGradient, int rows, int inputs, int outputs)
    {
        Shape.CheckSizes(rows, inputs, outputs);
        Shape.Check(d.Length, rows, outputs, nameof(d));
        Shape.Check(kernel.Length, outputs, inputs, nameof(kernel));
        Shape.Check(x.Length, rows, inputs, nameof(x));
        Shape.Check(xGradient.Length, rows, inputs, nameof(xGradient));
        MatMul.MultiplyMasked(d, kernel, x, xGradient, rows, inputs, outputs);
    }
}
