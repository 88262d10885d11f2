using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Federated SGD (McMahan et al., 2017, section 2): a client returns the mean gradient of its examples at the server's weights, without a step of its own, and
/// weighs as many as they are; the server's optimizer takes the mean gradient of all. An empty client weighs nothing, where TensorFlow Federated counts it as
/// non-finite.
/// </summary>
public static class FederatedSgd
{
    /// <summary>A process of federated SGD.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(0.1f)</c>.</param>
    /// <param name="aggregator">What makes one gradient of the clients'; null for the weighted mean.</param>
    /// <param name="metricsAggregator">What makes one report of the clients\' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients served at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static ILearningProcess Build(
        IModel model, IOptimizer? serverOptimizer = null, IAggregator? aggregator = null, IMetricsAggregator? metricsAggregator = null, int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ComposedProcess(
            model, new GradientWork(model), aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(0.1f), metricsAggregator, threads, seed);
    }

    private sealed class GradientWork(IModel model) : ClientWork
    {
        public override ClientWorkState Initialize() => ClientWorkState.None;

        public override ClientWorker CreateWorker() => new Worker(model);
    }

    private sealed class Worker(IModel model) : ClientWorker
    {
        private readonly LocalTraining _training = new(model);
        private readonly float[] _gradient = new float[model.Layout.TrainableLength];

        public override ReadOnlySpan<float> Update => _gradient;

        public override ReadOnlySpan<double> MetricSums => _training.Metrics;

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            long examples = _training.FullGradient(
                state.GlobalModelWeights.Parameters.AsSpan(), client, _gradient, state.ClientKey(client.ClientId), cancellationToken);
            return new ClientResult(examples, Vectors.AllFinite(_gradient));
        }
    }
}
