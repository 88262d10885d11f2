using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>A model that cancels a source at its first batch.</summary>
internal sealed class CancellingModel(IModel inner, CancellationTokenSource source) : IModel
{
    public ParameterLayout Layout => inner.Layout;

    public int FeatureCount => inner.FeatureCount;

    public ImmutableArray<Metric> Metrics => inner.Metrics;

    public int WorkspaceLength(int batchSize) => inner.WorkspaceLength(batchSize);

    public void Initialize(Span<float> parameters) => inner.Initialize(parameters);

    public void LossAndGradient(ReadOnlySpan<float> parameters, Batch batch, Span<float> gradient, Span<double> metricSums, Span<float> workspace)
    {
        source.Cancel();
        inner.LossAndGradient(parameters, batch, gradient, metricSums, workspace);
    }

    public void Evaluate(ReadOnlySpan<float> parameters, Batch batch, Span<double> metricSums, Span<float> workspace) =>
        inner.Evaluate(parameters, batch, metricSums, workspace);
}
