using System.Numerics.Tensors;

namespace FedPure.Tensors;

/// <content>Softmax over the rows of a tensor of rank 2, dense and row-major.</content>
public static partial class Softmax
{
    /// <summary>Probabilities of each row of logits: logits [rows×classes], probabilities [rows×classes]. In place is allowed.</summary>
    /// <exception cref="ArgumentException">A tensor is no dense matrix, or the shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public static void Forward(in ReadOnlyTensorSpan<float> logits, in TensorSpan<float> probabilities)
    {
        (_, int classes) = TensorShape.Matrix(logits.Lengths, nameof(logits));
        TensorShape.CheckSame(probabilities.Lengths, logits.Lengths, nameof(probabilities), nameof(logits));
        Forward(TensorShape.Elements(logits, nameof(logits)), TensorShape.Elements(probabilities, nameof(probabilities)), classes);
    }
}
