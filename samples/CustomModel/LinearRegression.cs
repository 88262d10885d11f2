using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace CustomModel;

/// <summary>
/// y = x·a + b + c for float targets, with the loss ½·mean (prediction - target)². a [features×1] and b are trained; c is a constant of the model that is
/// handed round with it and never changed.
/// </summary>
public sealed class LinearRegression(int features, float c = 0f) : IModel
{
    public ParameterLayout Layout { get; } = new(trainable: [("a", [features, 1], false), ("b", [], false)], nonTrainable: [("c", [], false)]);

    public int FeatureCount => features;

    public int TargetCount => 1;

    // The metric's own finalizer: plain division, so that no examples give NaN; a count as int32.
    public ImmutableArray<Metric> Metrics { get; } =
        [new Metric("loss", MetricType.Float32, 2, sums => sums[0] / sums[1]), new Metric("num_examples", MetricType.Int32, 1, sums => sums[0])];

    public int WorkspaceLength(int batchSize) => batchSize;

    public void Initialize(Span<float> parameters)
    {
        parameters.Clear();
        parameters[^1] = c;
    }

    public void LossAndGradient(ReadOnlySpan<float> parameters, Batch batch, Span<float> gradient, Span<double> metricSums, Span<float> workspace)
    {
        // By the trainable parameters alone, a before b: mean residual·x and mean residual.
        var residuals = Residuals(parameters, batch, workspace);
        AddMetrics(residuals, metricSums);
        gradient.Clear();
        for (int i = 0; i < batch.Rows; i++)
        {
            float share = residuals[i] / batch.Rows;
            for (int j = 0; j < features; j++) gradient[j] += share * batch.Features[i * features + j];
            gradient[features] += share;
        }
    }

    public void Evaluate(ReadOnlySpan<float> parameters, Batch batch, Span<double> metricSums, Span<float> workspace) =>
        AddMetrics(Residuals(parameters, batch, workspace), metricSums);

    private ReadOnlySpan<float> Residuals(ReadOnlySpan<float> parameters, Batch batch, Span<float> workspace)
    {
        for (int i = 0; i < batch.Rows; i++)
        {
            float y = parameters[features] + parameters[features + 1];
            for (int j = 0; j < features; j++) y += parameters[j] * batch.Features[i * features + j];
            workspace[i] = y - batch.Targets[i];
        }

        return workspace[..batch.Rows];
    }

    private static void AddMetrics(ReadOnlySpan<float> residuals, Span<double> sums)
    {
        foreach (float residual in residuals) sums[0] += 0.5 * residual * residual;
        sums[1] += residuals.Length;
        sums[2] += residuals.Length;
    }
}
