using FedPure.Learning.Metrics;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// The geometric median, v that minimizes Σ pᵢ·‖v - xᵢ‖, pᵢ = weight / Σ weight, by the smoothed Weiszfeld algorithm from the weighted mean (Pillutla, Kakade,
/// Harchaoui: Robust aggregation for federated learning. IEEE TSP 2022, Algorithm 2): v ← Σ bᵢ·xᵢ / Σ bᵢ with bᵢ = pᵢ / max(ν, ‖v - xᵢ‖), in double. It stops
/// where the gradient of the smoothed objective, whose norm is at most 1, is within a tolerance: the objective is then within tolerance·‖v - v*‖ of its
/// minimum, as it is convex. Clients of less than half of the weight cannot carry it away. Needs all updates: clients × parameters × 4 bytes. Measures
/// iterations and gradient_norm.
/// </summary>
/// <inheritdoc cref="GatheringAggregator"/>
public sealed class GeometricMedian(bool weighted = false) : GatheringAggregator(weighted)
{
    /// <summary>
    /// ν, the distance below which an update counts as if it were that far: above 0. A median that is one of the updates is found to about ν/2.
    /// </summary>
    public double Smoothing { get; init => field = Interval.Positive.Check(value, nameof(Smoothing)); } = 1e-6;

    /// <summary>The norm of the gradient that is small enough: at least 0.</summary>
    public double Tolerance { get; init => field = Interval.NonNegative.Check(value, nameof(Tolerance)); } = 1e-9;

    /// <summary>Iterations after which the point reached is taken, close enough or not: at least 1.</summary>
    public int MaxIterations { get; init => field = Interval.AtLeastOne.Check(value, nameof(MaxIterations)); } = 1000;

    /// <inheritdoc/>
    protected override MetricTree Combine(GatheredUpdates updates, Span<float> aggregate, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(updates);
        problem = null;
        var median = new double[updates.Length];
        var (iterations, gradientNorm) = Find(updates, median);
        for (int i = 0; i < aggregate.Length; i++) aggregate[i] = (float)(median[i] + 0.0);
        return new MetricTree(
            ("iterations", new MetricValue(MetricType.Int32, iterations)), ("gradient_norm", new MetricValue(MetricType.Float32, gradientNorm)));
    }

    internal (int Iterations, double GradientNorm) Find(GatheredUpdates updates, Span<double> median)
    {
        var p = new double[updates.Count];
        double total = 0;
        for (int client = 0; client < p.Length; client++) total += p[client] = updates.Weight(client);
        for (int client = 0; client < p.Length; client++) p[client] /= total;
        WeightedMean(updates, p, median);

        var (b, next) = (new double[p.Length], new double[median.Length]);
        double gradientNorm = double.PositiveInfinity;
        int iterations = 0;
        while (iterations < MaxIterations && gradientNorm > Tolerance)
        {
            for (int client = 0; client < b.Length; client++)
                b[client] = p[client] / Math.Max(Smoothing, Math.Sqrt(DoubleSums.SquaredDistance(updates[client], median)));
            double sum = WeightedMean(updates, b, next), step = 0;

            // The gradient Σ bᵢ·(v - xᵢ) is the step times Σ bᵢ.
            for (int i = 0; i < next.Length; i++) step += (next[i] - median[i]) * (next[i] - median[i]);
            gradientNorm = Math.Sqrt(step) * sum;
            next.CopyTo(median);
            iterations++;
        }

        return (iterations, gradientNorm);
    }

    private static double WeightedMean(GatheredUpdates updates, double[] weights, Span<double> mean)
    {
        mean.Clear();
        double total = 0;
        for (int client = 0; client < weights.Length; client++)
        {
            DoubleSums.AddScaled(updates[client], weights[client], mean);
            total += weights[client];
        }

        foreach (ref double element in mean) element /= total;
        return total;
    }
}
