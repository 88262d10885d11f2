using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Learning.Models.Layers;

/// <summary>A layer's input: values [rows×width], or, if rows are listed, those rows of a table of any number.</summary>
internal readonly ref struct RowView(ReadOnlySpan<float> values, ReadOnlySpan<int> rows)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public ReadOnlySpan<int> Rows { get; } = rows;
}

/// <summary>
/// What a layer works on: the model's parameters, the input [rows×Inputs], the output [rows×Outputs] and scratch that keeps from forward to backward.
/// </summary>
internal readonly ref struct LayerPass(ReadOnlySpan<float> parameters, RowView input, Span<float> output, Span<float> scratch, int rows)
{
    public ReadOnlySpan<float> Parameters { get; } = parameters;

    public RowView Input { get; } = input;

    public Span<float> Output { get; } = output;

    public Span<float> Scratch { get; } = scratch;

    public int Rows { get; } = rows;
}

/// <summary>A step of a network, from Inputs to Outputs values a row, with parameters from Offset on in the model's.</summary>
internal abstract record Layer(int Inputs, int Outputs, int Offset)
{
    /// <summary>Number of parameters.</summary>
    public virtual int ParameterCount => 0;

    /// <summary>Where the next layer's parameters begin.</summary>
    public int End => checked(Offset + ParameterCount);

    /// <summary>Whether the input may be listed rows of a table.</summary>
    public virtual bool ReadsListedRows => false;

    /// <summary>Whether training draws random numbers.</summary>
    public virtual bool IsRandom => false;

    /// <summary>Floats of scratch for a batch of that many rows.</summary>
    public virtual int ScratchLength(int rows) => 0;

    /// <summary>The parameters' names after the layer's own, shapes and storage.</summary>
    public virtual IEnumerable<(string Name, ImmutableArray<int> Shape, bool Transposed)> Slices(string name) => [];

    /// <summary>Writes the layer's part of the model's parameters.</summary>
    public virtual void Initialize(Span<float> parameters, RandomKey key)
    {
    }

    /// <summary>Fills the output; in training with the key of what is drawn at random, in evaluation without.</summary>
    public abstract void Forward(in LayerPass pass, RandomKey? training);

    /// <summary>
    /// Passes the gradient of the loss by the output back: target += alpha·(gradient by the parameters), and inputGradient [rows×Inputs] ← the gradient by the
    /// input, unless it is empty. The input's gradient is taken first, so the target may be the parameters themselves.
    /// </summary>
    public abstract void Backward(in LayerPass pass, Span<float> outputGradient, Span<float> inputGradient, Span<float> target, float alpha);
}
