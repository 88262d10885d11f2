using System.Collections.Immutable;
using System.Numerics.Tensors;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Tensors;

namespace FedPure.Learning.Models.Heads;

/// <summary>
/// Sigmoid cross-entropy on logits, over float targets in [0, 1] or, with one output, over the labels 0 and 1. Metrics see the probabilities of 1. The scratch
/// holds these and then, for labels, the targets.
/// </summary>
internal sealed class SigmoidHead : Head
{
    public override ImmutableArray<PredictionMetric> DefaultMetrics { get; } = [new BinaryAccuracy()];

    public override int ScratchLength(int outputs) => outputs;

    public override int TargetCount(int columns) => columns == 1 ? 0 : columns;

    public override void Check(in Batch batch, int columns)
    {
        if (batch.Targets.IsEmpty && columns == 1)
        {
            int wrong = batch.Labels.IndexOfAnyExceptInRange(0, 1);
            if (wrong >= 0)
            {
                throw new ArgumentException(
                    $"Sigmoid cross-entropy takes the labels 0 and 1, but that of row {wrong} is {batch.Labels[wrong]}.", nameof(batch));
            }
        }
        else if (batch.Targets.Length != (long)batch.Rows * columns)
        {
            string found = batch.Targets.IsEmpty ? "class labels" : $"{batch.Targets.Length / batch.Rows}";
            throw new ArgumentException(
                $"Sigmoid cross-entropy over {columns} outputs needs {columns} float targets an example, but the examples have {found}.", nameof(batch));
        }
    }

    public override ReadOnlySpan<float> Predict(Span<float> outputs, Span<float> scratch, int columns)
    {
        Elementary.Sigmoid(outputs, scratch);
        return scratch;
    }

    public override BatchLoss Backward(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(SigmoidCrossEntropy.Backward(outputs, Targets(batch, scratch), columns));

    public override BatchLoss Evaluate(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(SigmoidCrossEntropy.Evaluate(outputs, Targets(batch, scratch), columns));

    private static ReadOnlySpan<float> Targets(in Batch batch, Span<float> scratch)
    {
        if (!batch.Targets.IsEmpty) return batch.Targets;
        TensorPrimitives.ConvertTruncating(batch.Labels, scratch);
        return scratch;
    }
}
