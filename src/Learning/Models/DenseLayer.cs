using FedPure.Tensors;

namespace FedPure.Learning.Models;

/// <summary>A layer's input: values [rows×width], or, if rows are listed, those rows of a table of any number.</summary>
internal readonly ref struct RowView(ReadOnlySpan<float> values, ReadOnlySpan<int> rows)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public ReadOnlySpan<int> Rows { get; } = rows;
}

/// <summary>
/// y = activation(x·kernel + bias). The kernel is stored [Outputs×Inputs]: the forward product is then a·bᵀ and its gradient aᵀ·b over rows as long as the inputs,
/// with full vectors even for ten classes. It lies at Offset in the model's parameters, the bias after it.
/// </summary>
internal sealed record DenseLayer(int Inputs, int Outputs, int Offset, ActivationFunction Activation, Initializer Initializer)
{
    public int KernelLength { get; } = checked(Inputs * Outputs);

    public int End => Offset + KernelLength + Outputs;

    /// <summary>input [rows×Inputs], output [rows×Outputs].</summary>
    public void Forward(ReadOnlySpan<float> parameters, RowView input, Span<float> output, int rows)
    {
        bool relu = Activation == ActivationFunction.Relu;
        if (input.Rows.IsEmpty) Dense.Forward(input.Values, Kernel(parameters), Bias(parameters), output, rows, Inputs, relu);
        else Dense.Forward(input.Values, input.Rows, Kernel(parameters), Bias(parameters), output, Inputs, relu);
    }

    /// <summary>
    /// Passes back the gradient of the loss by the layer's sums, before its activation: target += alpha·(gradient by the parameters), and unless it is empty
    /// inputGradient [rows×Inputs] ← the gradient by the sums of the layer before, whose activation made the input. The input's gradient is taken first, so the
    /// target may be the parameters themselves.
    /// </summary>
    public void Backward(
        ReadOnlySpan<float> parameters, RowView input, ActivationFunction inputActivation, ReadOnlySpan<float> gradient, Span<float> inputGradient, Span<float> target, float alpha, int rows)
    {
        if (!inputGradient.IsEmpty)
        {
            if (inputActivation == ActivationFunction.Relu) Dense.BackwardThroughRelu(gradient, Kernel(parameters), input.Values, inputGradient, rows, Inputs, Outputs);
            else MatMul.Multiply(gradient, Kernel(parameters), inputGradient, rows, Inputs, Outputs);
        }

        var kernel = target.Slice(Offset, KernelLength);
        if (input.Rows.IsEmpty) MatMul.AddTransposedA(gradient, input.Values, kernel, Outputs, Inputs, rows, alpha);
        else MatMul.AddTransposedA(gradient, input.Values, input.Rows, kernel, Outputs, Inputs, alpha);
        Tensors.Activation.AddBiasGradient(gradient, target.Slice(Offset + KernelLength, Outputs), alpha);
    }

    private ReadOnlySpan<float> Kernel(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, KernelLength);

    private ReadOnlySpan<float> Bias(ReadOnlySpan<float> parameters) => parameters.Slice(Offset + KernelLength, Outputs);
}
