using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>What FedNova multiplies the mean of the normalized updates by.</summary>
public enum EffectiveSteps
{
    /// <summary>Σ p_i·|a_i|, so that a cohort of equal clients steps as under <see cref="FederatedAveraging"/>.</summary>
    Norms,

    /// <summary>Σ p_i·K_i, the plain number of steps, which the authors' code takes for proximal clients.</summary>
    Counts,
}

/// <summary>
/// FedNova (Wang, Liu, Liang, Joshi, Poor: Tackling the objective inconsistency problem in heterogeneous federated optimization. NeurIPS 2020). A client of K
/// local steps has y - x = -η·Σ a_k·g_k. Each update is divided by the norm |a_i| = Σ a_k, so that a client with more steps counts no more than its share, and
/// the mean of these normalized updates is multiplied by the effective steps τ = Σ p_i·|a_i| (equation 8): the fixed point is that of the true objective
/// whatever the clients' steps. |a| is K for plain SGD; Σ (1 - ρ^j)/(1 - ρ) over j = 1..K with momentum ρ; Σ (1 - η·μ)^j over j = 0..K-1 with a proximal term
/// μ. With equal clients it is <see cref="FederatedAveraging"/>. It keeps nothing between rounds. Metrics: effective_steps is τ.
/// </summary>
public static class FedNova
{
    /// <summary>A process of FedNova.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="clientOptimizer">The clients' rule, SGD, plain or with momentum, started afresh for each client in each round.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="proximalStrength">μ of a term μ/2·|w - x|² in the clients' losses: finite, at least 0. Not with momentum.</param>
    /// <param name="effectiveSteps">What the mean is multiplied by.</param>
    /// <param name="weighting">p_i: the client's share of the cohort's examples, each counted once, however often it is repeated; or 1 of their number.</param>
    /// <param name="aggregator">What makes one update of the clients' normalized ones; null for the weighted mean.</param>
    /// <param name="clientSchedule">The learning rate by round, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentException">
    /// The norm of the clients' rule is not in the paper: Nesterov's momentum, or momentum with a proximal term.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The strength is negative or not finite, or threads is not positive.</exception>
    public static ILearningProcess Build(
        IModel model,
        Sgd clientOptimizer,
        IOptimizer? serverOptimizer = null,
        float proximalStrength = 0f,
        EffectiveSteps effectiveSteps = EffectiveSteps.Norms,
        ClientWeighting weighting = ClientWeighting.NumExamples,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        Interval.NonNegative.Check(proximalStrength, nameof(proximalStrength));
        if (clientOptimizer.Nesterov)
            throw new ArgumentException("FedNova's norm is that of plain SGD or of momentum, not of Nesterov's form.", nameof(clientOptimizer));
        if (proximalStrength != 0 && !clientOptimizer.IsPlain)
            throw new ArgumentException("FedNova's norm is that of momentum or of a proximal term, not of both.", nameof(clientOptimizer));
        var work = new NormalizedWork(model, ClientRule.Create(clientOptimizer, clientSchedule), proximalStrength, effectiveSteps, weighting);
        return new ComposedProcess(model, work, aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    /// <summary>|a| of K steps.</summary>
    internal static double Norm(Sgd rule, float proximalStrength, long steps)
    {
        if (rule.IsPlain && proximalStrength == 0) return steps;
        double norm = 0, step = 0, past = 1 - (double)rule.LearningRate * proximalStrength;

        // What the gradients seen so far would have added up to, were each 1: the momentum's velocity, and what the proximal term leaves of the distance.
        for (long k = 0; k < steps; k++)
        {
            step = rule.Momentum * step + 1;
            norm = past * norm + step;
        }

        return norm;
    }

    private sealed class NormalizedWork(IModel model, ClientRule rule, float proximalStrength, EffectiveSteps effective, ClientWeighting weighting) : ClientWork
    {
        public override ClientWorkState Initialize() => rule;

        public override ClientWorker CreateWorker() => new Worker(model, proximalStrength, effective, weighting);
    }

    private sealed class Worker(IModel model, float proximalStrength, EffectiveSteps effective, ClientWeighting weighting) : TrainingWorker(model)
    {
        private readonly ExactSum _weights = new(), _steps = new();

        private double MeanSteps => _weights.Round() is > 0 and var weights ? _steps.Round() / weights : 0;

        public override void Begin(ServerState state)
        {
            _weights.Clear();
            _steps.Clear();
        }

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var rule = (Sgd)((ClientRule)state.ClientWork).At(state.Round);
            var local = new LocalRule(rule) { ProximalStrength = proximalStrength };
            long steps = Training.Train(state.GlobalModelWeights.Parameters.AsSpan(), client, local, state.ClientKey(client.ClientId), cancellationToken).Steps;
            double norm = Norm(rule, proximalStrength, steps), weight = Population.Weight(weighting, client);

            // Without steps there is nothing to divide.
            if (steps > 0) Training.ScaleUpdate((float)(1 / norm));
            bool finite = Vectors.AllFinite(Update);
            if (finite)
            {
                _weights.Add(weight);
                _steps.Add(weight * (effective == EffectiveSteps.Norms ? norm : steps));
            }

            return new ClientResult(weight, finite);
        }

        public override void Merge(ClientWorker other)
        {
            _weights.Merge(((Worker)other)._weights);
            _steps.Merge(((Worker)other)._steps);
        }

        public override WorkResult Finish(ServerState state, Span<float> update)
        {
            Vectors.Scale((float)MeanSteps, update);
            return base.Finish(state, update);
        }

        public override MetricTree Measure(ServerState state, MetricTree train) =>
            new([.. ((ClientRule)state.ClientWork).Measure(state.Round, train), new("effective_steps", new MetricValue(MetricType.Float32, MeanSteps))]);
    }
}
