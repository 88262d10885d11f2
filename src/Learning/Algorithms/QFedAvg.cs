using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// q-FedAvg (Li, Sanjabi, Beirami, Smith: Fair resource allocation in federated learning. ICLR 2020, Algorithm 2), which descends Σ F_i^(q+1)/(q + 1) (equation
/// 2): the larger q, the more the clients of large losses count. With F_i the mean loss of client i's data at the server's model x, η the clients' rate and L =
/// 1/η, Δ_i = F_i^q·L·(x - y_i) and h_i = q·F_i^(q-1)·|L·(x - y_i)|² + L·F_i^q, and the new model is x - Σ Δ_i/Σ h_i. Here that quotient is a weighted mean of
/// (x - y_i)/(1 + r_i) with weights F_i^q·(1 + r_i), r_i = q·|x - y_i|²/(η·F_i), so that any aggregator can take it. With q = 0 it is
/// <see cref="FederatedAveraging"/>, bit for bit, by the clients' number. It keeps nothing between rounds, and reads each client's batches once more for F_i.
/// Weights below 2^-60, such as a loss of 0.001 to the power of 7, count as 0; where one times an element of its update reaches 2^31, as with q = 20 at a loss
/// of 2.3, the round has a problem.
/// </summary>
public static class QFedAvg
{
    /// <summary>A process of q-FedAvg.</summary>
    /// <param name="model">What is trained; the metric named loss is F.</param>
    /// <param name="q">Finite, at least 0.</param>
    /// <param name="clientOptimizer">The clients' rule, plain SGD, whose rate is η.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="weighting">Uniform as in the paper, or a factor in each client's weight: its examples, each counted once.</param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean.</param>
    /// <param name="clientSchedule">The learning rate by round, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentException">The clients' rule has momentum, or the model has no metric named loss.</exception>
    /// <exception cref="ArgumentOutOfRangeException">q is negative or not finite, or threads is not positive.</exception>
    public static ILearningProcess Build(
        IModel model,
        double q,
        Sgd clientOptimizer,
        IOptimizer? serverOptimizer = null,
        ClientWeighting weighting = ClientWeighting.Uniform,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        if (!clientOptimizer.IsPlain)
        {
            throw new ArgumentException(
                "q-FedAvg takes 1/η of plain SGD for its Lipschitz constant: its clients' rule takes no momentum.", nameof(clientOptimizer));
        }

        if (!model.Metrics.Any(metric => metric.Name == "loss"))
            throw new ArgumentException("q-FedAvg weighs clients by their loss, but the model has no metric named 'loss'.", nameof(model));
        var work = new FairWork(model, Interval.NonNegative.Check(q, nameof(q)), ClientRule.Create(clientOptimizer, clientSchedule), weighting);
        return new ComposedProcess(model, work, aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    /// <summary>h_i/L = F^q·(1 + r), and F^q divided by it, of a client whose update has the squared norm s.</summary>
    internal static (double Weight, double Scale) Fairness(double q, double loss, double squaredNorm, double learningRate)
    {
        double power = PortableMath.Power(loss, q);

        // Where nothing moved, r is 0, also at a loss or a rate of 0.
        double weight = squaredNorm == 0 || power == 0 ? power : power * (1 + q * squaredNorm / (learningRate * loss));
        return (weight, weight == 0 ? 1 : power / weight);
    }

    private sealed class FairWork(IModel model, double q, ClientRule rule, ClientWeighting weighting) : ClientWork
    {
        public override ClientWorkState Initialize() => rule;

        public override ClientWorker CreateWorker() => new Worker(model, q, weighting);
    }

    private sealed class Worker(IModel model, double q, ClientWeighting weighting) : TrainingWorker(model)
    {
        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var server = state.GlobalModelWeights.Parameters.AsSpan();
            var rule = ((ClientRule)state.ClientWork).At(state.Round);
            Training.Evaluate(server, client, cancellationToken);
            double loss = Training.Measure("loss");
            Training.Train(server, client, new LocalRule(rule), state.ClientKey(client.ClientId), cancellationToken);
            double norm = Vectors.NormL2(Update);
            if (!double.IsFinite(norm) || !(loss >= 0)) return new ClientResult(0, false);
            var (weight, scale) = Fairness(q, loss, norm * norm, rule.LearningRate);
            Training.ScaleUpdate((float)scale);
            return new ClientResult(weight * Population.Weight(weighting, client), double.IsFinite(weight) && Vectors.AllFinite(Update));
        }

        public override MetricTree Measure(ServerState state, MetricTree train) => ((ClientRule)state.ClientWork).Measure(state.Round, train);
    }
}
