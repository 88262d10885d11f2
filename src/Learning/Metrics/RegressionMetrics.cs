using FedPure.Data;

namespace FedPure.Learning.Metrics;

/// <summary>Mean over the examples of the mean of (prediction - target)².</summary>
/// <param name="Name">Its name in reports.</param>
public sealed record MeanSquaredError(string Name = "mean_squared_error") : PredictionMetric(Name, MetricType.Float32, 2, Ratio)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        double total = 0;
        for (int i = 0; i < predictions.Length; i++)
        {
            double error = (double)predictions[i] - Target(batch, i);
            total += error * error;
        }

        if (batch.Rows > 0) sums[0] += total * batch.Rows / predictions.Length;
        sums[1] += batch.Rows;
    }
}

/// <summary>Mean over the examples of the mean of |prediction - target|.</summary>
/// <param name="Name">Its name in reports.</param>
public sealed record MeanAbsoluteError(string Name = "mean_absolute_error") : PredictionMetric(Name, MetricType.Float32, 2, Ratio)
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        double total = 0;
        for (int i = 0; i < predictions.Length; i++) total += Math.Abs((double)predictions[i] - Target(batch, i));
        if (batch.Rows > 0) sums[0] += total * batch.Rows / predictions.Length;
        sums[1] += batch.Rows;
    }
}

/// <summary>√ of the mean over all values of (prediction - target)².</summary>
/// <param name="Name">Its name in reports.</param>
public sealed record RootMeanSquaredError(string Name = "root_mean_squared_error") : PredictionMetric(
    Name, MetricType.Float32, 2, sums => Math.Sqrt(Ratio(sums)))
{
    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            double error = (double)predictions[i] - Target(batch, i);
            sums[0] += error * error;
        }

        sums[1] += predictions.Length;
    }
}
