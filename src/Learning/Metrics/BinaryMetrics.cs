using FedPure.Data;

namespace FedPure.Learning.Metrics;

/// <summary>Share of the predictions that lie on the side of the threshold where the target, 0 or 1, is; above it means 1.</summary>
/// <param name="Threshold">Of the prediction.</param>
/// <param name="Name">Its name in reports.</param>
public sealed record BinaryAccuracy(float Threshold = 0.5f, string Name = "binary_accuracy") : PredictionMetric(Name, MetricType.Float32, 2, Ratio)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        for (int i = 0; i < predictions.Length; i++)
            sums[0] += (predictions[i] > Threshold ? 1f : 0f) == Target(batch, i) && !float.IsNaN(predictions[i]) ? 1 : 0;
        sums[1] += predictions.Length;
    }
}

/// <summary>True positives over predicted positives, 0 without any: sums of true and of false positives.</summary>
/// <param name="Threshold">A prediction above it is positive.</param>
/// <param name="Name">Its name in reports.</param>
public sealed record Precision(float Threshold = 0.5f, string Name = "precision") : PredictionMetric(Name, MetricType.Float32, 2, Share)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            if (predictions[i] > Threshold) sums[Target(batch, i) != 0 ? 0 : 1]++;
        }
    }
}

/// <summary>True positives over actual positives, 0 without any: sums of true positives and of false negatives.</summary>
/// <param name="Threshold">A prediction above it is positive.</param>
/// <param name="Name">Its name in reports.</param>
public sealed record Recall(float Threshold = 0.5f, string Name = "recall") : PredictionMetric(Name, MetricType.Float32, 2, Share)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            if (Target(batch, i) != 0) sums[predictions[i] > Threshold ? 0 : 1]++;
        }
    }
}
