using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// FedDyn (Acar, Zhao, Matas Navarro, Mattina, Whatmough, Saligrama: Federated learning based on dynamic regularization. ICLR 2021, Algorithm 1). Client i
/// minimizes L_i(w) - ⟨G_i, w⟩ + α/2·|w - x|² (equation 1) from the server's model x, here by the steps along its batches, and then G_i -= α·(y_i - x). The
/// server keeps h -= α/N·Σ (y_i - x), N counting all clients, and its new model is the mean of the y_i less h/α. At a fixed point the G_i are the gradients of
/// the L_i and h their mean, so that the clients' minima agree with that of the whole. Always h is the mean of the G_i over the population. A client whose
/// update or memory is not finite keeps its memory. Memory at the server: 4 bytes a parameter for h and for each client seen.
/// </summary>
public static class FedDyn
{
    /// <summary>A process of FedDyn.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="population">All clients that cohorts are drawn from; N is their number.</param>
    /// <param name="alpha">α: finite, above 0.</param>
    /// <param name="clientOptimizer">The clients' rule, started afresh for each client in each round.</param>
    /// <param name="serverOptimizer">The rule that takes x - (the paper's new model) for a gradient; null for <c>new Sgd(1f)</c>, which is the paper's.</param>
    /// <param name="weighting">
    /// Uniform as in the paper, or by examples, each counted once: models by their share of the cohort, memories of the population.
    /// </param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean. The memories' change is always their mean.</param>
    /// <param name="clientSchedule">The learning rate by round, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not above 0 or not finite, or threads is not positive.</exception>
    public static ILearningProcess Build(
        IModel model,
        Population population,
        float alpha,
        IOptimizer clientOptimizer,
        IOptimizer? serverOptimizer = null,
        ClientWeighting weighting = ClientWeighting.Uniform,
        IAggregator? aggregator = null,
        LearningRateSchedule? clientSchedule = null,
        IMetricsAggregator? metricsAggregator = null,
        int threads = 1,
        long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(population);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        var work = new DynamicWork(
            model, population, Interval.Positive.Check(alpha, nameof(alpha)), ClientRule.Create(clientOptimizer, clientSchedule), weighting);
        return new ComposedProcess(model, work, aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    private sealed class DynamicWork(IModel model, Population population, float alpha, ClientRule rule, ClientWeighting weighting) : ClientWork
    {
        public override ClientWorkState Initialize() => new FedDynState(rule, ClientMemory.Zeros(model.Layout));

        public override void Check(ServerState state, IReadOnlyList<ClientDataset> clients) =>
            ((FedDynState)state.ClientWork).Gradients.Check(population, clients);

        public override ClientWorker CreateWorker() => new Worker(model, population, alpha, weighting);
    }

    private sealed class Worker(IModel model, Population population, float alpha, ClientWeighting weighting) : TrainingWorker(model)
    {
        private readonly MemoryChanges _changes = new(model, population, weighting);
        private readonly float[] _scaled = new float[model.Layout.TrainableLength];

        public override void Begin(ServerState state) => _changes.Begin();

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var (rule, gradients) = (FedDynState)state.ClientWork;
            var memory = gradients.ByClient.Of(client.ClientId);
            memory.CopyTo(_scaled);
            Vectors.Scale(-1f, _scaled);
            var local = new LocalRule(rule.At(state.Round)) { ProximalStrength = alpha, Correction = _scaled.AsSpan(0, memory.Length) };
            Training.Train(state.GlobalModelWeights.Parameters.AsSpan(), client, local, state.ClientKey(client.ClientId), cancellationToken);

            // -α·(y - x) = α·update.
            Update.CopyTo(_scaled);
            Vectors.Scale(alpha, _scaled);
            return new ClientResult(Population.Weight(weighting, client), Vectors.AllFinite(Update) && _changes.TryAdd(gradients, client, _scaled));
        }

        public override void Merge(ClientWorker other) => _changes.Merge(((Worker)other)._changes);

        public override WorkResult Finish(ServerState state, Span<float> update)
        {
            var before = (FedDynState)state.ClientWork;
            var (gradients, problem) = _changes.ApplyTo(before.Gradients);

            // x - (mean of y - h/α) = mean of (x - y) + h/α.
            Vectors.AddScaled(gradients.Mean.AsSpan(), 1 / alpha, update);
            return new WorkResult(before with { Gradients = gradients }, problem);
        }

        public override MetricTree Measure(ServerState state, MetricTree train) => ((FedDynState)state.ClientWork).Rule.Measure(state.Round, train);
    }
}

/// <summary>What FedDyn keeps.</summary>
/// <param name="Rule">The rule that clients train with.</param>
/// <param name="Gradients">The clients' memories G_i, and their mean h.</param>
public sealed record FedDynState(ClientRule Rule, ClientMemory Gradients) : ClientWorkState
{
    /// <summary>The server's part alone: what clients keep has no fixed type.</summary>
    public override TypeSignature Signature(ParameterLayout layout) => new StructureType(("client_rule", Rule.Signature(layout)), ("h", layout.Signature));
}
