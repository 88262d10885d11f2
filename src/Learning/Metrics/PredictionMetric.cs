using FedPure.Data;

namespace FedPure.Learning.Metrics;

/// <summary>
/// A metric that looks at a model's predictions beside the labels or targets. Derive from it for a metric of one's own: <see cref="Update"/> adds a batch to
/// the accumulators, which are summed over batches and clients before the finalizer sees them.
/// </summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Type">Its number type in reports.</param>
/// <param name="AccumulatorCount">Number of sums it keeps.</param>
/// <param name="Finalizer">From the sums to the value.</param>
public abstract record PredictionMetric(
    string Name, MetricType Type, int AccumulatorCount, MetricFinalizer Finalizer) : Metric(Name, Type, AccumulatorCount, Finalizer)
{
    /// <summary>Adds a batch. predictions [Rows×columns], what they are is said by the model's loss; sums [AccumulatorCount].</summary>
    public abstract void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums);

    /// <summary>The position of the row's largest value, the first of equals, among those that are numbers; -1 if none is.</summary>
    protected static int ArgMax(ReadOnlySpan<float> row)
    {
        int best = -1;
        for (int i = 0; i < row.Length; i++)
        {
            if (best < 0 ? !float.IsNaN(row[i]) : row[i] > row[best]) best = i;
        }

        return best;
    }

    /// <summary>
    /// The target of the prediction at that place of [Rows×columns]: the float target, or the label where examples have labels and one prediction each.
    /// </summary>
    protected static float Target(Batch batch, int index) => batch.Targets.IsEmpty ? batch.Labels[index] : batch.Targets[index];
}
