using System.Numerics.Tensors;
using FedPure.Data.Random;

namespace FedPure.Learning.Models.Layers;

/// <summary>
/// Inverted dropout (Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 2014): in training each value is 0 with
/// probability Rate and otherwise divided by 1 - Rate; in evaluation nothing happens. The mask, 0 or 1/(1 - Rate), is a function of the batch's key and stays
/// in the scratch.
/// </summary>
internal sealed record DropoutLayer(int Inputs, int Offset, float Rate) : Layer(Inputs, Inputs, Offset)
{
    // A word below this is a drop: the probability is Rate to within 2^-32.
    private readonly uint _limit = (uint)Math.Min((double)Rate * (1UL << 32), uint.MaxValue);

    public override bool IsRandom => true;

    public override int ScratchLength(int rows) => checked(rows * Inputs);

    public override void Forward(in LayerPass pass, RandomKey? training)
    {
        if (training is not { } key)
        {
            pass.Input.Values.CopyTo(pass.Output);
            return;
        }

        var stream = key.Stream();
        float scale = 1f / (1f - Rate);
        foreach (ref float mask in pass.Scratch) mask = stream.Next() < _limit ? 0f : scale;
        TensorPrimitives.Multiply(pass.Input.Values, pass.Scratch, pass.Output);
    }

    public override void Backward(in LayerPass pass, Span<float> outputGradient, Span<float> inputGradient, Span<float> target, float alpha)
    {
        if (!inputGradient.IsEmpty) TensorPrimitives.Multiply(outputGradient, pass.Scratch, inputGradient);
    }
}
