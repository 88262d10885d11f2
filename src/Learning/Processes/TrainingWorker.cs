using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>A worker whose clients train along their batches: its update and metrics are those of the training that it did last.</summary>
internal abstract class TrainingWorker(IModel model) : ClientWorker
{
    public override ReadOnlySpan<float> Update => Training.Update;

    public override ReadOnlySpan<double> MetricSums => Training.Metrics;

    protected LocalTraining Training { get; } = new(model);
}
