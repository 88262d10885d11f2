using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;

namespace FedPure.Learning.Asynchrony;

/// <summary>What the algorithms of <see cref="AsynchronousProcess"/> differ in.</summary>
/// <param name="BufferSize">Results that make a server update.</param>
/// <param name="UpdatesPerRound">Server updates that make a round.</param>
/// <param name="Staleness">What results count by their staleness.</param>
/// <param name="Weighting">What results weigh in the buffer beside that.</param>
/// <param name="ProximalStrength">mu of a term mu/2·|w - start|² in the clients' losses.</param>
/// <param name="ToGradient">Makes of the buffer's aggregate, a mean of updates, what the server's optimizer takes for a gradient.</param>
internal sealed record AsynchronousRule(
    int BufferSize, int UpdatesPerRound, StalenessFactor Staleness, ClientWeighting Weighting, float ProximalStrength,
    AsynchronousRule.GradientMaker ToGradient)
{
    /// <summary>Changes the aggregate in place.</summary>
    /// <param name="aggregate">[trainable parameters]: the aggregate.</param>
    /// <param name="factor">The weighted mean of the results' staleness factors.</param>
    /// <param name="start">The model that the result taken last was trained from.</param>
    /// <param name="server">The server's model.</param>
    public delegate void GradientMaker(Span<float> aggregate, double factor, ModelWeights start, ModelWeights server);
}

/// <summary>
/// A process without rounds that clients wait for: they start and arrive by a <see cref="VirtualClock"/>, and each time that a buffer is full the server
/// updates its model. A round is a number of such updates; the clients given to it are those that may start in it. The order of events is planned first, since
/// it does not depend on what clients learn; then clients are trained side by side as soon as the models that they start from are there, and the server takes
/// their results in that order.
/// </summary>
internal sealed class AsynchronousProcess(
    IModel model,
    ClientRule clientRule,
    AsynchronousRule rule,
    VirtualClock clock,
    IAggregator aggregator,
    IOptimizer serverOptimizer,
    IMetricsAggregator? metricsAggregator,
    int threads,
    long seed)
    : ILearningProcess
{
    // Results wait in memory for the server; some for each thread keep all threads busy where clients are of different sizes, or train from models still to
    // come.
    private const int ResultsPerThread = 8;

    private readonly int _resultsAtATime = (int)Math.Min(ResultsPerThread * (long)threads, int.MaxValue);
    private readonly IAggregator _aggregator = aggregator.LeastUpdates <= rule.BufferSize ? aggregator : throw new ArgumentException(
        $"The aggregator takes at least {aggregator.LeastUpdates} updates, but the server takes {rule.BufferSize} at a time: choose a larger buffer, "
            + "or another rule.",
        nameof(aggregator));

    private readonly WorkerPool<LocalTraining> _workers = new(threads, () => new LocalTraining(model));

    /// <inheritdoc/>
    public ProcessSignature Signature => ServerPart.Signature(model, Initialize(), Next(Initialize(), []).Metrics);

    /// <inheritdoc/>
    public ServerState Initialize() => ServerPart.Initialize(model, AsynchronousState.Initialize(clientRule), _aggregator, serverOptimizer, seed);

    /// <inheritdoc/>
    public RoundResult Next(ServerState state, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(clients);
        var plan = Timeline.Plan(clock, state, clients, rule.BufferSize, rule.UpdatesPerRound, cancellationToken);
        CohortCheck.Check(model, state.GlobalModelWeights, [.. plan.Arrivals.Select(arrival => arrival.Running.Client)]);
        return Telemetry.Observe(state.Round + 1, plan.Arrivals.Length, () => Serve(state, plan, cancellationToken));
    }

    private RoundResult Serve(ServerState state, RoundPlan plan, CancellationToken cancellationToken)
    {
        var server = new BufferedServer(model, rule, _aggregator, metricsAggregator ?? new SumThenFinalize(), state, plan);
        var results = new ClientResults[Math.Min(_resultsAtATime, plan.Arrivals.Length)];
        for (int i = 0; i < results.Length; i++) results[i] = new ClientResults(model);

        // Arrival i has the place i modulo their number. The first that waits can always be trained: its model is older than its arrival.
        int[] trained = [.. Enumerable.Repeat(-1, results.Length)];
        for (int done = 0; done < plan.Arrivals.Length;)
        {
            int end = Math.Min(done + results.Length, plan.Arrivals.Length);
            int[] ready = [.. Enumerable.Range(done, end - done).Where(i => trained[i % results.Length] != i && plan.Arrivals[i].Running.From.IsReached)];
            Train(state, [.. ready.Select(i => plan.Arrivals[i].Running)], [.. ready.Select(i => results[i % results.Length])], cancellationToken);
            foreach (int i in ready) trained[i % results.Length] = i;
            for (; done < end && trained[done % results.Length] == done; done++) server.Take(plan.Arrivals[done], results[done % results.Length]);
        }

        return server.End();
    }

    private void Train(ServerState state, RunningClient[] clients, ClientResults[] results, CancellationToken cancellationToken) => _workers.Run<object?>(
        [.. clients.Select(running => running.Client)],
        _ => { },
        (training, i) =>
        {
            var running = clients[i];
            var local = new LocalRule(((AsynchronousState)state.ClientWork).Rule.At(running.Round)) { ProximalStrength = rule.ProximalStrength };
            var key = state.Key.Fold((ulong)running.Start).Fold(running.Client.ClientId);
            long examples = training.Train(running.From.Weights.Parameters.AsSpan(), running.Client, local, key, cancellationToken).Examples;
            results[i].Set(training, examples);
        },
        _ => null,
        cancellationToken);
}

/// <summary>What a client sends: a place for one result after the other.</summary>
internal sealed class ClientResults(IModel model)
{
    private readonly float[] _update = new float[model.Layout.TrainableLength];
    private readonly double[] _metricSums = new double[Metrics.MetricSums.AccumulatorCount(model.Metrics)];

    /// <summary>start - end over the trainable parameters.</summary>
    public ReadOnlySpan<float> Update => _update;

    /// <summary>The metrics' accumulators.</summary>
    public ReadOnlySpan<double> MetricSums => _metricSums;

    /// <summary>Examples trained on.</summary>
    public long Examples { get; private set; }

    /// <summary>Whether the update is finite; otherwise it is not used.</summary>
    public bool IsFinite { get; private set; }

    public void Set(LocalTraining training, long examples)
    {
        training.Update.CopyTo(_update);
        training.Metrics.CopyTo(_metricSums);
        (Examples, IsFinite) = (examples, Vectors.AllFinite(_update));
    }
}
