using FedPure.Learning.Aggregators;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// FedBuff (Nguyen, Malik, Zhan, Yousefpour, Rabbat, Malek, Huba: Federated learning with buffered asynchronous aggregation. AISTATS 2022, Algorithm 1).
/// Clients train without waiting for one another; whenever K results have arrived, the server moves its model by η_g/K·Σ f(s_i)·(y_i - x_i), where y_i was
/// trained from x_i, the server's model s_i updates ago. A round is one such update, and the clients given to it are those that may start in it. With K clients
/// that are equally fast, all of which train at a time, it is <see cref="FederatedAveraging"/> by the clients' number, bit for bit. Metrics: arrivals, dropped,
/// staleness, simulated_seconds, version.
/// </summary>
/// <remarks>
/// A result that is not finite takes one of the K places, but the mean is of the others. Aggregators see updates before staleness factors, as clients send
/// them, with the factors among their weights; the aggregate is then multiplied by the mean factor, which makes the paper's sum of the weighted mean. Those
/// that take no weights have the mean factor alone.
/// </remarks>
public static class FedBuff
{
    /// <summary>A process of FedBuff.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="clientOptimizer">The clients' rule, started afresh by each start of a client.</param>
    /// <param name="bufferSize">K, at least 1.</param>
    /// <param name="serverOptimizer">The server's rule, whose rate is η_g; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="staleness">f; null for 1/√(1 + s).</param>
    /// <param name="clock">Who trains when, and for how long; null for a <see cref="VirtualClock"/> as it is.</param>
    /// <param name="weighting">Uniform as in the paper, or by the examples trained on.</param>
    /// <param name="aggregator">
    /// What makes one update of the buffer's; null for the weighted mean. A quick client may be in a buffer several times; with error feedback its results are
    /// then sent one after the other.
    /// </param>
    /// <param name="clientSchedule">The learning rate by the round in which a client starts, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time in reality; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of the clock, and of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">bufferSize or threads is not positive.</exception>
    /// <exception cref="ArgumentException">The aggregator takes more updates than are in a buffer.</exception>
    public static ILearningProcess Build(
        IModel model,
        IOptimizer clientOptimizer,
        int bufferSize = 10,
        IOptimizer? serverOptimizer = null,
        StalenessFactor? staleness = null,
        VirtualClock? clock = null,
        ClientWeighting weighting = ClientWeighting.Uniform,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        var rule = new AsynchronousRule(
            Interval.AtLeastOne.Check(bufferSize, nameof(bufferSize)), 1, staleness
                ?? new PolynomialStaleness(0.5), weighting, 0f, (aggregate, factor, _, _) => Vectors.Scale((float)factor, aggregate));
        return new AsynchronousProcess(
            model, ClientRule.Create(clientOptimizer, clientSchedule), rule, clock
                ?? new VirtualClock(), aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }
}
