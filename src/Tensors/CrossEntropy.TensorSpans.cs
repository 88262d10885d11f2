using System.Numerics.Tensors;

namespace FedPure.Tensors;

/// <content>Softmax cross-entropy over the rows of a tensor of rank 2, dense and row-major.</content>
public static partial class CrossEntropy
{
    /// <summary>
    /// Returns the mean loss over the rows and replaces the logits by its gradient, (softmax - onehot)/rows. logits [rows×classes], labels [rows].
    /// </summary>
    /// <exception cref="ArgumentException">logits is no dense matrix, or has not one row a label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes, or a label lies outside them.</exception>
    public static float SoftmaxBackward(in TensorSpan<float> logits, ReadOnlySpan<int> labels)
    {
        (_, int classes) = TensorShape.Matrix(logits.Lengths, nameof(logits));
        TensorShape.CheckLabels(logits.Lengths, labels.Length);
        return SoftmaxBackward(TensorShape.Elements(logits, nameof(logits)), labels, classes);
    }
}
