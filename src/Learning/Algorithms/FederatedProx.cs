using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// FedProx (Li, Sahu, Zaheer, Sanjabi, Talwalkar, Smith: Federated optimization in heterogeneous networks. MLSys 2020, Algorithm 2): federated averaging in
/// which a client w minimizes its loss + mu/2·|w - server|², which keeps it near the server's model. The gradient of the term is mu·(w - server); TensorFlow
/// Federated 0.87 adds mu·(server - w), which drives clients away. With mu = 0 it is <see cref="FederatedAveraging"/>, bit for bit.
/// </summary>
public static class FederatedProx
{
    /// <summary>A process of weighted FedProx.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="proximalStrength">mu: finite, at least 0.</param>
    /// <param name="clientOptimizer">The clients' rule, started afresh for each client in each round.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="weighting">What a client's update weighs.</param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean.</param>
    /// <param name="clientSchedule">The clients' learning rate by round, times that of their rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients\' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">The strength is negative or not finite, or threads is not positive.</exception>
    public static ILearningProcess BuildWeighted(
        IModel model,
        float proximalStrength,
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
        if (!float.IsFinite(proximalStrength) || proximalStrength < 0)
            throw new ArgumentOutOfRangeException(nameof(proximalStrength), proximalStrength, "A proximal strength is finite and at least 0.");
        return new ComposedProcess(
            model, new ClientUpdate(model, ClientRule.Create(clientOptimizer, clientSchedule), weighting) { ProximalStrength = proximalStrength },
            aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    /// <summary>A process in which every client counts the same.</summary>
    /// <inheritdoc cref="BuildWeighted"/>
    /// <param name="model"/><param name="proximalStrength"/><param name="clientOptimizer"/><param name="serverOptimizer"/><param name="clientSchedule"/>
    /// <param name="metricsAggregator"/><param name="threads"/><param name="seed"/>
    /// <param name="aggregator">What makes one update of the clients'; null for the unweighted mean.</param>
    public static ILearningProcess BuildUnweighted(
        IModel model,
        float proximalStrength,
        IOptimizer clientOptimizer,
        IOptimizer? serverOptimizer = null,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0) =>
        BuildWeighted(
            model, proximalStrength, clientOptimizer, serverOptimizer, ClientWeighting.Uniform, aggregator ?? new UnweightedMean(), clientSchedule,
            metricsAggregator, threads, seed);
}
