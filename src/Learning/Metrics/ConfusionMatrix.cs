using FedPure.Data;

namespace FedPure.Learning.Metrics;

/// <summary>
/// Numbers of rows by class label and predicted class, int64 [ClassCount×ClassCount]: a row of the matrix for each label. A row of NaN alone counts nowhere.
/// </summary>
/// <param name="ClassCount">Number of classes; at least 1.</param>
/// <param name="Name">Its name in reports.</param>
public sealed record ConfusionMatrix(int ClassCount, string Name = "confusion_matrix") : PredictionMetric(
    Name, MetricType.Int64, checked(ClassCount * ClassCount), sums => sums[0])
{
    /// <summary>At least 1.</summary>
    public int ClassCount { get; } = ClassCount >= 1
        ? ClassCount : throw new ArgumentOutOfRangeException(nameof(ClassCount), ClassCount, "There is at least 1 class.");

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        if (predictions.Length != (long)batch.Rows * ClassCount)
            throw new ArgumentException(
                $"A confusion matrix of {ClassCount} classes does not fit {predictions.Length} predictions for {batch.Rows} examples.", nameof(predictions));
        for (int i = 0; i < batch.Rows; i++)
        {
            int predicted = ArgMax(predictions.Slice(i * ClassCount, ClassCount));
            if (predicted >= 0) sums[batch.Labels[i] * ClassCount + predicted]++;
        }
    }

    /// <inheritdoc/>
    public override MetricNode Measure(ReadOnlySpan<double> sums) => new MetricArray(Type, [ClassCount, ClassCount], [.. sums]);
}
