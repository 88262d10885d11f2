using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Tensors;

namespace FedPure.Learning.Models.Heads;

/// <summary>Softmax cross-entropy on logits over class labels. Metrics see the logits.</summary>
internal sealed class SoftmaxHead : Head
{
    public override ImmutableArray<PredictionMetric> DefaultMetrics { get; } = [new SparseCategoricalAccuracy()];

    public override bool CountsCorrect => true;

    public override void Check(in Batch batch, int columns) => RequireLabels(batch);

    public override BatchLoss Backward(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(CrossEntropy.SoftmaxBackward(outputs, batch.Labels, columns, out int correct), correct);

    public override BatchLoss Evaluate(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(CrossEntropy.Evaluate(outputs, batch.Labels, columns, out int correct), correct);
}

/// <summary>The same on probabilities, clipped and normalized again as Keras does after a softmax layer. Metrics see the probabilities.</summary>
internal sealed class ClippedSoftmaxHead : Head
{
    public override ImmutableArray<PredictionMetric> DefaultMetrics { get; } = [new SparseCategoricalAccuracy()];

    public override bool CountsCorrect => true;

    public override void Check(in Batch batch, int columns) => RequireLabels(batch);

    public override ReadOnlySpan<float> Predict(Span<float> outputs, Span<float> scratch, int columns)
    {
        Softmax.Forward(outputs, outputs, columns);
        return outputs;
    }

    public override BatchLoss Backward(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(CrossEntropy.ClippedBackward(outputs, batch.Labels, columns, out int correct), correct);

    public override BatchLoss Evaluate(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(CrossEntropy.EvaluateClipped(outputs, batch.Labels, columns, out int correct), correct);
}
