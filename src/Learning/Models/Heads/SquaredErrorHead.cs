using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Tensors;

namespace FedPure.Learning.Models.Heads;

/// <summary>Mean squared error over float targets. Metrics see the outputs.</summary>
internal sealed class SquaredErrorHead : Head
{
    public override ImmutableArray<PredictionMetric> DefaultMetrics => [];

    public override int TargetCount(int columns) => columns;

    public override void Check(in Batch batch, int columns)
    {
        if (batch.Targets.Length != (long)batch.Rows * columns)
        {
            string found = batch.Targets.IsEmpty ? "class labels" : $"{batch.Targets.Length / batch.Rows}";
            throw new ArgumentException(
                $"Mean squared error over {columns} outputs needs {columns} float targets an example, but the examples have {found}.", nameof(batch));
        }
    }

    public override BatchLoss Backward(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(SquaredError.Backward(outputs, batch.Targets, columns));

    public override BatchLoss Evaluate(Span<float> outputs, in Batch batch, Span<float> scratch, int columns) =>
        new(SquaredError.Evaluate(outputs, batch.Targets, columns));
}
