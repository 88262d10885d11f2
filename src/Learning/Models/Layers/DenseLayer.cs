using System.Collections.Immutable;
using FedPure.Data.Random;
using FedPure.Tensors;

namespace FedPure.Learning.Models.Layers;

/// <summary>
/// y = activation(x·kernel + bias). The kernel is stored [Outputs×Inputs]: the forward product is then a·bᵀ and its gradient aᵀ·b over rows as long as the
/// inputs, with full vectors even for ten classes. It lies at Offset in the model's parameters, the bias after it. L2 adds L2·Σ kernel² to what is
/// differentiated.
/// </summary>
internal sealed record DenseLayer(
    int Inputs, int Outputs, int Offset, ActivationFunction Activation, Initializer Initializer, float L2) : Layer(Inputs, Outputs, Offset)
{
    public int KernelLength { get; } = checked(Inputs * Outputs);

    /// <summary>
    /// Whether the input is a ReLU's output, through which Backward passes the input's gradient at once, while the product's sums are in registers.
    /// </summary>
    public bool PassesThroughRelu { get; init; }

    /// <summary>Whether the output's gradient has passed through this layer's ReLU when Backward gets it.</summary>
    public bool ReluIsPassed { get; init; }

    public override int ParameterCount => checked(KernelLength + Outputs);

    public override bool ReadsListedRows => true;

    public override int ScratchLength(int rows) => L2 > 0 ? KernelLength : 0;

    public override IEnumerable<(string Name, ImmutableArray<int> Shape, bool Transposed)> Slices(string name) =>
        [($"{name}/kernel", [Inputs, Outputs], true), ($"{name}/bias", [Outputs], false)];

    public override void Initialize(Span<float> parameters, RandomKey key)
    {
        var canonical = new float[KernelLength];
        Initializer.Fill(key, canonical, Inputs, Outputs);
        new ParameterLayout([("kernel", [Inputs, Outputs], true)]).FromCanonical(canonical, parameters.Slice(Offset, KernelLength));
        parameters.Slice(Offset + KernelLength, Outputs).Clear();
    }

    public override void Forward(in LayerPass pass, RandomKey? training)
    {
        ReadOnlySpan<float> kernel = pass.Parameters.Slice(Offset, KernelLength), bias = pass.Parameters.Slice(Offset + KernelLength, Outputs);
        bool relu = Activation == ActivationFunction.Relu;
        if (pass.Input.Rows.IsEmpty) Dense.Forward(pass.Input.Values, kernel, bias, pass.Output, pass.Rows, Inputs, relu);
        else Dense.Forward(pass.Input.Values, pass.Input.Rows, kernel, bias, pass.Output, Inputs, relu);
        if (Activation == ActivationFunction.Tanh) Elementary.Tanh(pass.Output, pass.Output);
        else if (Activation == ActivationFunction.Sigmoid) Elementary.Sigmoid(pass.Output, pass.Output);
    }

    public override void Backward(in LayerPass pass, Span<float> outputGradient, Span<float> inputGradient, Span<float> target, float alpha)
    {
        if (Activation == ActivationFunction.Relu && !ReluIsPassed) Tensors.Activation.ReluBackward(pass.Output, outputGradient);
        else if (Activation == ActivationFunction.Tanh) Tensors.Activation.TanhBackward(pass.Output, outputGradient);
        else if (Activation == ActivationFunction.Sigmoid) Tensors.Activation.SigmoidBackward(pass.Output, outputGradient);
        var kernel = pass.Parameters.Slice(Offset, KernelLength);
        if (PassesThroughRelu) Dense.BackwardThroughRelu(outputGradient, kernel, pass.Input.Values, inputGradient, pass.Rows, Inputs, Outputs);
        else if (!inputGradient.IsEmpty) MatMul.Multiply(outputGradient, kernel, inputGradient, pass.Rows, Inputs, Outputs);
        if (L2 > 0)
        {
            // The penalty's gradient 2·L2·kernel joins the other one before alpha is applied, so that a fused step has the bits of gradient, then step.
            pass.Scratch.Clear();
            AddKernelGradient(pass, outputGradient, pass.Scratch, 1f);
            Vectors.AddScaled(kernel, 2f * L2, pass.Scratch);
            Vectors.AddScaled(pass.Scratch, alpha, target.Slice(Offset, KernelLength));
        }
        else
        {
            AddKernelGradient(pass, outputGradient, target.Slice(Offset, KernelLength), alpha);
        }

        Tensors.Activation.AddBiasGradient(outputGradient, target.Slice(Offset + KernelLength, Outputs), alpha);
    }

    private void AddKernelGradient(in LayerPass pass, ReadOnlySpan<float> outputGradient, Span<float> target, float alpha)
    {
        if (pass.Input.Rows.IsEmpty) MatMul.AddTransposedA(outputGradient, pass.Input.Values, target, Outputs, Inputs, pass.Rows, alpha);
        else MatMul.AddTransposedA(outputGradient, pass.Input.Values, pass.Input.Rows, target, Outputs, Inputs, alpha);
    }
}
