using FedPure.Data;

namespace FedPure.Learning.Metrics;

/// <summary>Share of the rows whose largest prediction, the first one of equals, is at the class label.</summary>
/// <param name="Name">Its name in reports.</param>
public sealed record SparseCategoricalAccuracy(string Name = "sparse_categorical_accuracy") : PredictionMetric(Name, MetricType.Float32, 2, Ratio)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        int columns = batch.Rows == 0 ? 0 : predictions.Length / batch.Rows;
        for (int i = 0; i < batch.Rows; i++) sums[0] += ArgMax(predictions.Slice(i * columns, columns)) == batch.Labels[i] ? 1 : 0;
        sums[1] += batch.Rows;
    }
}

/// <summary>Share of the rows whose largest prediction is where the largest of the float targets is, the first ones of equals.</summary>
/// <param name="Name">Its name in reports.</param>
public sealed record CategoricalAccuracy(string Name = "categorical_accuracy") : PredictionMetric(Name, MetricType.Float32, 2, Ratio)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        int columns = batch.Rows == 0 ? 0 : predictions.Length / batch.Rows;
        for (int i = 0; i < batch.Rows; i++)
        {
            int predicted = ArgMax(predictions.Slice(i * columns, columns));
            sums[0] += predicted >= 0 && predicted == ArgMax(batch.Targets.Slice(i * columns, columns)) ? 1 : 0;
        }

        sums[1] += batch.Rows;
    }
}

/// <summary>Share of the rows of which fewer than <paramref name="K"/> predictions are larger than that at the class label, which is finite.</summary>
/// <param name="K">At least 1.</param>
/// <param name="Name">Its name in reports.</param>
public sealed record SparseTopKCategoricalAccuracy(
    int K = 5, string Name = "sparse_top_k_categorical_accuracy") : PredictionMetric(Name, MetricType.Float32, 2, Ratio)
{
    /// <summary>At least 1.</summary>
    public int K { get; init; } = K >= 1 ? K : throw new ArgumentOutOfRangeException(nameof(K), K, "K is at least 1.");

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        int columns = batch.Rows == 0 ? 0 : predictions.Length / batch.Rows;
        for (int i = 0; i < batch.Rows; i++)
        {
            var row = predictions.Slice(i * columns, columns);
            float target = row[batch.Labels[i]];
            int larger = 0;
            foreach (float value in row) larger += value > target ? 1 : 0;
            sums[0] += larger < K && float.IsFinite(target) ? 1 : 0;
        }

        sums[1] += batch.Rows;
    }
}
