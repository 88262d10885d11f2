using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Federated averaging (McMahan, Moore, Ramage, Hampson, Agüera y Arcas: Communication-efficient learning of deep networks from decentralized data. AISTATS
/// 2017), generalized by a server optimizer (Reddi et al.: Adaptive federated optimization. ICLR 2021). In a round each client trains from the server's
/// weights; the mean of the updates server - client, weighted, is the gradient that the server's optimizer takes. With <c>new Sgd(1f)</c> there, the new model
/// is the weighted average of the clients'.
/// </summary>
public static class FederatedAveraging
{
    /// <summary>A process of weighted federated averaging.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="clientOptimizer">The clients' rule, started afresh for each client in each round.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="weighting">What a client's update weighs.</param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean.</param>
    /// <param name="clientSchedule">The clients' learning rate by round, times that of their rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients\' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static ILearningProcess BuildWeighted(
        IModel model,
        IOptimizer clientOptimizer,
        IOptimizer? serverOptimizer = null,
        ClientWeighting weighting = ClientWeighting.NumExamples,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        ClientRule rule = clientSchedule is null ? new ReplaceableClientRule(clientOptimizer) : new ScheduledClientRule(clientOptimizer, clientSchedule);
        return new ComposedProcess(
            model, new ClientUpdate(model, rule, weighting), aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads,
            seed);
    }

    /// <summary>
    /// A process in which every client counts the same, an empty one too. A client whose update is not finite is not counted, where TensorFlow Federated counts
    /// it as a zero update.
    /// </summary>
    /// <inheritdoc cref="BuildWeighted"/>
    /// <param name="model"/><param name="clientOptimizer"/><param name="serverOptimizer"/><param name="clientSchedule"/>
    /// <param name="metricsAggregator"/><param name="threads"/><param name="seed"/>
    /// <param name="aggregator">What makes one update of the clients'; null for the unweighted mean.</param>
    public static ILearningProcess BuildUnweighted(
        IModel model,
        IOptimizer clientOptimizer,
        IOptimizer? serverOptimizer = null,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0) =>
        BuildWeighted(
            model, clientOptimizer, serverOptimizer, ClientWeighting.Uniform, aggregator ?? new UnweightedMean(), clientSchedule, metricsAggregator, threads,
            seed);
}
