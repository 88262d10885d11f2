using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>A client worker whose update is that of local training.</summary>
internal abstract class LocalWorker(IModel model) : ClientWorker
{
    /// <summary>Trains clients.</summary>
    protected LocalTraining Training { get; } = new(model);

    public override ReadOnlySpan<float> Update => Training.Update;

    public override ReadOnlySpan<double> MetricSums => Training.Metrics;

    /// <summary>What came of the training of a client that saw that many examples.</summary>
    protected ClientResult Result(long examples, ClientWeighting weighting) =>
        new(weighting == ClientWeighting.Uniform ? 1 : examples, Vectors.AllFinite(Update));
}
