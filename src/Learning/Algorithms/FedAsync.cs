using FedPure.Learning.Aggregators;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// FedAsync (Xie, Koyejo, Gupta: Asynchronous federated optimization. 2019, Algorithm 1). Clients train without waiting for one another; each result y that
/// arrives moves the server's model at once: x ← (1 - α·f(s))·x + α·f(s)·y, where y was trained from the server's model s updates ago. The clients given to a
/// round are those that may start in it. Metrics: arrivals, dropped, staleness, simulated_seconds, version.
/// </summary>
/// <remarks>
/// To the server's optimizer α·f(s)·(x - y) is a gradient. An aggregator sees one update at a time, as the client sends it. A result that is not finite leaves
/// the model. A round may be several arrivals, so that it costs as much as one of other algorithms; how arrivals are grouped into rounds changes no weight.
/// </remarks>
public static class FedAsync
{
    /// <summary>A process of FedAsync.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="clientOptimizer">The clients' rule, started afresh by each start of a client.</param>
    /// <param name="mixing">α, above 0 and at most 1.</param>
    /// <param name="staleness">f; null for 1/√(1 + s).</param>
    /// <param name="proximalStrength">ρ of a term ρ/2·|w - start|² in the clients' losses: finite, at least 0.</param>
    /// <param name="arrivalsPerRound">Arrivals that make a round, at least 1; the paper's global epoch is one.</param>
    /// <param name="clock">Who trains when, and for how long; null for a <see cref="VirtualClock"/> as it is.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>, the paper's.</param>
    /// <param name="aggregator">What becomes of each update, such as clipping; null for nothing.</param>
    /// <param name="clientSchedule">The learning rate by the round in which a client starts, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time in reality; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of the clock, and of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The aggregator takes several updates, as Krum does.</exception>
    public static ILearningProcess Build(
        IModel model,
        IOptimizer clientOptimizer,
        double mixing = 0.6,
        StalenessFactor? staleness = null,
        float proximalStrength = 0f,
        int arrivalsPerRound = 1,
        VirtualClock? clock = null,
        IOptimizer? serverOptimizer = null,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        Interval.Fraction.Check(mixing, nameof(mixing));
        var rule = new AsynchronousRule(
            1, Interval.AtLeastOne.Check(arrivalsPerRound, nameof(arrivalsPerRound)), staleness ?? new PolynomialStaleness(0.5), ClientWeighting.Uniform,
            Interval.NonNegative.Check(proximalStrength, nameof(proximalStrength)), ToGradient);
        return new AsynchronousProcess(
            model, ClientRule.Create(clientOptimizer, clientSchedule), rule, clock
                ?? new VirtualClock(), aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);

        // y = start - update, so that x - y = update + (x - start), in which nothing is rounded while the server has not moved.
        void ToGradient(Span<float> update, double factor, ModelWeights start, ModelWeights server)
        {
            ReadOnlySpan<float> from = start.Trainable, to = server.Trainable;
            for (int i = 0; i < update.Length; i++) update[i] += to[i] - from[i];
            Vectors.Scale((float)(mixing * factor), update);
        }
    }
}
