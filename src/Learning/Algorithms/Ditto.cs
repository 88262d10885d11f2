using System.Collections.Immutable;
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
/// Ditto (Li, Hu, Beirami, Smith: Ditto: fair and robust federated learning through personalization. ICML 2021, Algorithm 1). The global model is that of
/// <see cref="FederatedAveraging"/>. Beside it each client keeps a model v of its own, the global one before the first round, and in every round that it takes
/// part in v makes the same steps along the same batches on its loss + λ/2·|v - x|² (equation 2), x being the global model that it received. With λ = 0 v is
/// trained locally alone. A client of which either model is not finite is left out and keeps v as it was. Memory at the server: 4 bytes a parameter for the
/// first global model and for each client seen. Metrics: personal has those of the clients' own models beside train.
/// </summary>
public static class Ditto
{
    /// <summary>A process of Ditto.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="lambda">λ: finite, at least 0.</param>
    /// <param name="clientOptimizer">The rule of either model, started afresh for each client in each round.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="weighting">What a client's update weighs in the global model.</param>
    /// <param name="aggregator">What makes one update of the clients'; null for the weighted mean.</param>
    /// <param name="clientSchedule">The learning rate by round, times that of the rule; null for a constant one.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite, or threads is not positive.</exception>
    public static ILearningProcess Build(
        IModel model,
        float lambda,
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
        var rule = ClientRule.Create(clientOptimizer, clientSchedule);
        var work = new PersonalWork(model, Interval.NonNegative.Check(lambda, nameof(lambda)), rule, weighting, metricsAggregator ?? new SumThenFinalize());
        return new ComposedProcess(model, work, aggregator ?? new WeightedMean(), serverOptimizer ?? new Sgd(1f), metricsAggregator, threads, seed);
    }

    /// <summary>A client's own model; the first global one for a client that has not taken part.</summary>
    /// <exception cref="ArgumentException">The state is not Ditto's.</exception>
    public static ModelWeights PersonalWeights(ServerState state, string clientId)
    {
        ArgumentNullException.ThrowIfNull(state);
        var work = state.ClientWork as DittoState
            ?? throw new ArgumentException("The state is of another algorithm, whose clients keep no models of their own.", nameof(state));
        return new ModelWeights(state.GlobalModelWeights.Layout, [.. work.PersonalModel(state, clientId), .. state.GlobalModelWeights.NonTrainable]);
    }

    private sealed class PersonalWork(IModel model, float lambda, ClientRule rule, ClientWeighting weighting, IMetricsAggregator metrics) : ClientWork
    {
        public override ClientWorkState Initialize() => new DittoState(rule, null, ClientBuffers.None);

        public override void Check(ServerState state, IReadOnlyList<ClientDataset> clients) => CohortCheck.Distinct(clients);

        public override ClientWorker CreateWorker() => new Worker(model, lambda, weighting, metrics);
    }

    private sealed class Worker(IModel model, float lambda, ClientWeighting weighting, IMetricsAggregator metrics) : TrainingWorker(model)
    {
        private readonly LocalTraining _personal = new(model);
        private readonly float[] _start = new float[model.Layout.Length];
        private readonly BufferWrites _writes = new();
        private readonly IMetricsAggregation _metrics = metrics.Begin(model.Metrics);

        public override void Begin(ServerState state)
        {
            _writes.Begin();
            _metrics.Clear();
        }

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var work = (DittoState)state.ClientWork;
            var rule = work.Rule.At(state.Round);
            var key = state.ClientKey(client.ClientId);
            var server = state.GlobalModelWeights.Parameters.AsSpan();
            long examples = Training.Train(server, client, new LocalRule(rule), key, cancellationToken).Examples;

            server.CopyTo(_start);
            work.PersonalModel(state, client.ClientId).CopyTo(_start);
            var personalRule = new LocalRule(rule) { ProximalStrength = lambda, ProximalCenter = server[..Update.Length] };
            _personal.Train(_start, client, personalRule, key, cancellationToken);
            var personal = _personal.Parameters[..Update.Length];
            bool finite = Vectors.AllFinite(Update) && Vectors.AllFinite(personal);
            if (finite)
            {
                _writes.Write(client.ClientId, personal.ToArray());
                _metrics.Add(client.ClientId, _personal.Metrics);
            }

            return new ClientResult(weighting == ClientWeighting.Uniform ? 1 : examples, finite);
        }

        public override void Merge(ClientWorker other)
        {
            _writes.Merge(((Worker)other)._writes);
            _metrics.Merge(((Worker)other)._metrics);
        }

        public override WorkResult Finish(ServerState state, Span<float> update)
        {
            var before = (DittoState)state.ClientWork;
            return new WorkResult(
                before with { FirstModel = before.FirstModel ?? state.GlobalModelWeights, PersonalModels = _writes.ApplyTo(before.PersonalModels) });
        }

        public override MetricTree Measure(ServerState state, MetricTree train) =>
            new([.. ((DittoState)state.ClientWork).Rule.Measure(state.Round, train), new("personal", _metrics.Report())]);
    }
}

/// <summary>What Ditto keeps.</summary>
/// <param name="Rule">The rule that either model is trained with.</param>
/// <param name="FirstModel">The global model before the first round, where the clients' own start; null until then.</param>
/// <param name="PersonalModels">The trainable parameters of the models of the clients seen, in the stored order, by id.</param>
public sealed record DittoState(ClientRule Rule, ModelWeights? FirstModel, ImmutableDictionary<string, ImmutableArray<float>> PersonalModels) : ClientWorkState
{
    /// <summary>The server's part alone: what clients keep has no fixed type.</summary>
    public override TypeSignature Signature(ParameterLayout layout) =>
        new StructureType(("client_rule", Rule.Signature(layout)), ("first_model", layout.Signature));

    /// <summary>[trainable parameters] of a client's own model.</summary>
    internal ReadOnlySpan<float> PersonalModel(ServerState state, string clientId) =>
        PersonalModels.Of(clientId) is { IsEmpty: false } own ? own : (FirstModel ?? state.GlobalModelWeights).Trainable;
}
