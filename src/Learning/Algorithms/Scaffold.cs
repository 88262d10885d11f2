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
/// SCAFFOLD (Karimireddy, Kale, Mohri, Reddi, Stich, Suresh: SCAFFOLD: stochastic controlled averaging for federated learning. ICML 2020, Algorithm 1, option
/// II). Each client i keeps a control c_i, its estimate of its own gradient, and the server their mean c over the population. Every local step is y -= η·(g(y)
/// - c_i + c), which takes out of the client's gradient what sets it apart from the others'; after K steps c_i += -c + (x - y)/(K·η) (equation 4), and the
/// server moves the model by the mean of the updates and c by Σ q_i·(change of c_i), q_i = 1/N. From zero controls its first round is that of
/// <see cref="FederatedAveraging"/>, bit for bit. A client whose update or control is not finite keeps its control; so does one without steps, or with a rate
/// of 0. Memory at the server: 4 bytes a parameter for c and for each client seen.
/// </summary>
public static class Scaffold
{
    /// <summary>A process of SCAFFOLD.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="population">All clients that cohorts are drawn from; N is their number.</param>
    /// <param name="clientOptimizer">The clients' rule, plain SGD, whose rate is η.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>. The paper's global step size is the rate of an <see cref="Sgd"/>.</param>
    /// <param name="weighting">
    /// Uniform as in the paper, or by examples, each counted once: updates by their share of the cohort, controls of the population.
    /// </param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean. The controls' change is always their mean.</param>
    /// <param name="clientSchedule">The learning rate by round, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentException">The clients' rule has momentum.</exception>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static ILearningProcess Build(
        IModel model,
        Population population,
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
        ArgumentNullException.ThrowIfNull(population);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        if (!clientOptimizer.IsPlain)
            throw new ArgumentException("SCAFFOLD's controls are those of plain SGD: its clients' rule takes no momentum.", nameof(clientOptimizer));
        var work = new ScaffoldWork(model, population, ClientRule.Create(clientOptimizer, clientSchedule), weighting);
        return new ComposedProcess(model, work, aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    private sealed class ScaffoldWork(IModel model, Population population, ClientRule rule, ClientWeighting weighting) : ClientWork
    {
        public override ClientWorkState Initialize() => new ScaffoldState(rule, ClientMemory.Zeros(model.Layout));

        public override void Check(ServerState state, IReadOnlyList<ClientDataset> clients) =>
            ((ScaffoldState)state.ClientWork).Controls.Check(population, clients);

        public override ClientWorker CreateWorker() => new Worker(model, population, weighting);
    }

    private sealed class Worker(IModel model, Population population, ClientWeighting weighting) : TrainingWorker(model)
    {
        private readonly MemoryChanges _changes = new(model, population, weighting);
        private readonly float[] _correction = new float[model.Layout.TrainableLength], _change = new float[model.Layout.TrainableLength];

        public override void Begin(ServerState state) => _changes.Begin();

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var (clientRule, controls) = (ScaffoldState)state.ClientWork;
            var rule = clientRule.At(state.Round);
            var serverControl = controls.Mean.AsSpan();
            var control = controls.ByClient.Of(client.ClientId);
            serverControl.CopyTo(_correction);
            if (!control.IsEmpty) Vectors.AddScaled(control, -1f, _correction);
            long steps = Training.Train(
                state.GlobalModelWeights.Parameters.AsSpan(), client, new LocalRule(rule) { Correction = _correction }, state.ClientKey(client.ClientId),
                cancellationToken).Steps;

            bool finite = Vectors.AllFinite(Update);
            double rateOfSteps = steps * (double)rule.LearningRate;
            if (finite && rateOfSteps > 0)
            {
                Update.CopyTo(_change);
                Vectors.Scale((float)(1 / rateOfSteps), _change);
                Vectors.AddScaled(serverControl, -1f, _change);
                finite = _changes.TryAdd(controls, client, _change);
            }

            return new ClientResult(Population.Weight(weighting, client), finite);
        }

        public override void Merge(ClientWorker other) => _changes.Merge(((Worker)other)._changes);

        public override WorkResult Finish(ServerState state, Span<float> update)
        {
            var before = (ScaffoldState)state.ClientWork;
            var (controls, problem) = _changes.ApplyTo(before.Controls);
            return new WorkResult(before with { Controls = controls }, problem);
        }

        public override MetricTree Measure(ServerState state, MetricTree train) => ((ScaffoldState)state.ClientWork).Rule.Measure(state.Round, train);
    }
}

/// <summary>What SCAFFOLD keeps.</summary>
/// <param name="Rule">The rule that clients train with.</param>
/// <param name="Controls">The clients' controls c_i, and their mean c.</param>
public sealed record ScaffoldState(ClientRule Rule, ClientMemory Controls) : ClientWorkState
{
    /// <summary>The server's part alone: what clients keep has no fixed type.</summary>
    public override TypeSignature Signature(ParameterLayout layout) =>
        new StructureType(("client_rule", Rule.Signature(layout)), ("server_control", layout.Signature));
}
