using FedPure.Data;

namespace FedPure.Learning.Metrics;

/// <summary>
/// Area under the receiver operating characteristic of predictions in [0, 1] against targets 0 and 1, by the trapezoidal rule over evenly spaced thresholds, as
/// Keras' AUC (Fawcett, An introduction to ROC analysis, 2006). Its sums are histograms, of the positives and then of the negatives, with one bin between
/// neighbouring thresholds; 0 where there are no positives or no negatives.
/// </summary>
/// <param name="Thresholds">Number of thresholds; at least 2. A bin is 1/(Thresholds - 1) wide.</param>
/// <param name="Name">Its name in reports.</param>
public sealed record AreaUnderCurve(int Thresholds = 200, string Name = "auc") : PredictionMetric(Name, MetricType.Float32, 2 * Thresholds, Area)
{
    /// <summary>At least 2.</summary>
    public int Thresholds { get; } = Thresholds >= 2
        ? Thresholds : throw new ArgumentOutOfRangeException(nameof(Thresholds), Thresholds, "At least 2 thresholds are needed.");

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> predictions, Batch batch, Span<double> sums)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            // Bin b holds (b/(n - 1), (b + 1)/(n - 1)], and the first one 0 too; the last bin of the n stays empty. Predictions outside [0, 1] count as its
            // ends.
            float scaled = MathF.Ceiling(Math.Clamp(predictions[i], 0f, 1f) * (Thresholds - 1));
            int bin = float.IsNaN(scaled) ? 0 : Math.Max((int)scaled - 1, 0);
            sums[(Target(batch, i) != 0 ? 0 : Thresholds) + bin]++;
        }
    }

    private static double Area(ReadOnlySpan<double> sums)
    {
        var positives = sums[..(sums.Length / 2)];
        var negatives = sums[(sums.Length / 2)..];
        double allPositives = System.Numerics.Tensors.TensorPrimitives.Sum(positives), allNegatives = System.Numerics.Tensors.TensorPrimitives.Sum(negatives);
        if (allPositives == 0 || allNegatives == 0) return 0;

        // From the highest threshold down: each bin adds its negatives to the right, its positives upwards. Counts are whole, so their sums are exact.
        double area = 0, above = 0;
        for (int bin = positives.Length - 1; bin >= 0; bin--)
        {
            area += negatives[bin] * (above + positives[bin] / 2);
            above += positives[bin];
        }

        return area / (allPositives * allNegatives);
    }
}
