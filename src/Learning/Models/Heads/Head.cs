using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;

namespace FedPure.Learning.Models.Heads;

/// <summary>A batch's loss, summed over its rows, and the number of rows right where the loss finds it on the way.</summary>
internal readonly record struct BatchLoss(double Sum, int? Correct = null);

/// <summary>What ends a network: a loss over its outputs [rows×columns], and which predictions metrics see.</summary>
internal abstract class Head
{
    /// <summary>The metrics of one who names none.</summary>
    public abstract ImmutableArray<PredictionMetric> DefaultMetrics { get; }

    /// <summary>Whether <see cref="BatchLoss.Correct"/> is sparse_categorical_accuracy's count.</summary>
    public virtual bool CountsCorrect => false;

    /// <summary>Float targets of an example with that many outputs; 0 where class labels do.</summary>
    public virtual int TargetCount(int columns) => 0;

    /// <summary>Floats of scratch for outputs of that length.</summary>
    public virtual int ScratchLength(int outputs) => 0;

    /// <summary>Throws where the batch has not what the loss compares with.</summary>
    public abstract void Check(in Batch batch, int columns);

    /// <summary>What metrics see, [rows×columns]: made of the outputs, which may be changed on the way if the loss then expects it.</summary>
    public virtual ReadOnlySpan<float> Predict(Span<float> outputs, Span<float> scratch, int columns) => outputs;

    /// <summary>The loss; the outputs become its gradient, that of the mean over the rows. After <see cref="Predict"/>.</summary>
    public abstract BatchLoss Backward(Span<float> outputs, in Batch batch, Span<float> scratch, int columns);

    /// <summary>The loss alone; the outputs hold no meaning afterwards. After <see cref="Predict"/>.</summary>
    public abstract BatchLoss Evaluate(Span<float> outputs, in Batch batch, Span<float> scratch, int columns);

    /// <summary>Throws unless the batch has class labels.</summary>
    protected static void RequireLabels(in Batch batch)
    {
        if (batch.Labels.Length != batch.Rows)
            throw new ArgumentException(
                "Softmax cross-entropy compares with class labels, but the examples have float targets; give a table of labels, "
                    + "or end the model with another loss.",
                nameof(batch));
    }
}
