using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Evaluation;

/// <summary>Evaluation on examples that lie in one place, such as a test set that no client owns, or all clients' pooled.</summary>
public static class CentralizedEvaluation
{
    /// <summary>The model's metrics over a batched dataset, read once.</summary>
    /// <exception cref="ArgumentException">The weights or the data do not fit the model.</exception>
    /// <exception cref="InvalidOperationException">The data are not batched.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    public static MetricTree Evaluate(IModel model, ModelWeights weights, ClientDataset data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(data);
        CohortCheck.Check(model, weights, [data]);
        var work = new LocalTraining(model);
        work.Evaluate(weights.Parameters.AsSpan(), data, cancellationToken);
        var sums = new SumThenFinalize().Begin(model.Metrics);
        sums.Add(data.ClientId, work.Metrics);
        return sums.Report();
    }
}
