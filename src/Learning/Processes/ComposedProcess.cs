using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>
/// A learning process put together of parts, as TensorFlow Federated composes them: each client of a cohort works from the server's weights; their updates are
/// aggregated; the aggregate is the gradient that the server's optimizer takes. Algorithms differ in their client work.
/// </summary>
/// <param name="model">What is trained.</param>
/// <param name="clientWork">What a client does.</param>
/// <param name="aggregator">What makes one update of the clients'.</param>
/// <param name="serverOptimizer">The server's rule.</param>
/// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
/// <param name="threads">Clients served at a time; at least 1. The result does not depend on it.</param>
/// <param name="seed">Of what clients draw at random, such as dropout.</param>
public sealed class ComposedProcess(
    IModel model, ClientWork clientWork, IAggregator aggregator, IOptimizer serverOptimizer, IMetricsAggregator? metricsAggregator = null, int threads = 1,
    long seed = 0)
    : ILearningProcess
{
    private readonly IModel _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly ClientWork _clientWork = clientWork ?? throw new ArgumentNullException(nameof(clientWork));
    private readonly IAggregator _aggregator = aggregator ?? throw new ArgumentNullException(nameof(aggregator));
    private readonly IOptimizer _serverOptimizer = serverOptimizer ?? throw new ArgumentNullException(nameof(serverOptimizer));
    private readonly WorkerPool<Worker> _workers = new(threads, () => new Worker(model, clientWork, aggregator, metricsAggregator ?? new SumThenFinalize()));

    /// <inheritdoc/>
    public ProcessSignature Signature
    {
        get
        {
            // A round without clients has the metrics of any other.
            var state = Initialize();
            return ServerPart.Signature(_model, state, Next(state, []).Metrics);
        }
    }

    /// <inheritdoc/>
    public ServerState Initialize() => ServerPart.Initialize(_model, _clientWork.Initialize(), _aggregator, _serverOptimizer, seed);

    /// <inheritdoc/>
    public RoundResult Next(ServerState state, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        CohortCheck.Check(_model, state.GlobalModelWeights, clients);
        _clientWork.Check(state, clients);
        var failed = new bool[clients.Count];
        return Telemetry.Observe(state.Round + 1, clients.Count, () => _workers.Run(
            clients,
            worker => worker.Begin(state),
            (worker, i) => failed[i] = !worker.Serve(state, clients[i], cancellationToken),
            workers => Finish(state, workers, clients, failed),
            cancellationToken));
    }

    private RoundResult Finish(ServerState state, Worker[] workers, IReadOnlyList<ClientDataset> clients, bool[] failed)
    {
        var total = workers[0];
        foreach (var worker in workers.AsSpan(1)) total.Merge(worker);
        var update = new float[_model.Layout.TrainableLength];
        var aggregated = total.Aggregation.Complete(update);
        var work = aggregated.Problem is null ? total.ClientWork.Finish(state, update) : new WorkResult(state.ClientWork, aggregated.Problem);
        string? problem = work.Problem;
        var next = state;
        if (problem is null)
        {
            if (ServerPart.TryStep(_model, state, update, out next)) next = next with { ClientWork = work.State };
            else problem = ServerPart.StepProblem;
        }

        var metrics = new MetricTree(
            ("distributor", MetricTree.Empty),
            ("client_work", total.ClientWork.Measure(state, total.Metrics.Report())),
            ("aggregator", aggregated.Measurements),
            ("finalizer", new MetricTree(("update_non_finite", new MetricValue(MetricType.Int32, problem is null ? 0 : 1)))));

        return new RoundResult(next with { Aggregator = problem is null ? aggregated.State : aggregated.StateIfUnused, Round = state.Round + 1 }, metrics)
        {
            NonFiniteClients = [.. clients.Where((_, i) => failed[i]).Select(client => client.ClientId)],
            Problem = problem,
        };
    }

    /// <summary>One thread's memory: a client worker, and running sums over the clients that it served.</summary>
    private sealed class Worker(IModel model, ClientWork clientWork, IAggregator aggregator, IMetricsAggregator metricsAggregator)
    {
        public ClientWorker ClientWork { get; } = clientWork.CreateWorker();

        public IAggregation Aggregation { get; } = aggregator.CreateAggregation(model.Layout.Trainable);

        public IMetricsAggregation Metrics { get; } = metricsAggregator.Begin(model.Metrics);

        public void Begin(ServerState state)
        {
            ClientWork.Begin(state);
            Aggregation.Begin(state.Aggregator);
            Metrics.Clear();
        }

        /// <summary>Serves a client and adds its update and metrics; false, and nothing added, if they were not finite.</summary>
        public bool Serve(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var result = ClientWork.Work(state, client, cancellationToken);
            if (!result.IsFinite) return false;
            Aggregation.Add(client.ClientId, ClientWork.Update, result.Weight);
            Metrics.Add(client.ClientId, ClientWork.MetricSums);
            return true;
        }

        public void Merge(Worker other)
        {
            ClientWork.Merge(other.ClientWork);
            Aggregation.Merge(other.Aggregation);
            Metrics.Merge(other.Metrics);
        }
    }
}
