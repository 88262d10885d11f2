using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;
using FedPure.Learning.Types;

namespace FedPure.Learning.Evaluation;

/// <summary>What lasts from one evaluation to the next: the model evaluated, and the sums of all rounds so far.</summary>
public sealed class EvaluationState
{
    internal EvaluationState(ModelWeights weights, IMetricsAggregation? totals) => (GlobalModelWeights, Totals) = (weights, totals);

    /// <summary>The model that the next round evaluates.</summary>
    public ModelWeights GlobalModelWeights { get; }

    /// <summary>The unfinalized metrics of all rounds; never changed once they are in a state.</summary>
    internal IMetricsAggregation? Totals { get; }
}

/// <summary>Federated evaluation: every client evaluates the model on its own examples, and only metric sums leave it.</summary>
public sealed class FederatedEvaluation
{
    private readonly IModel _model;
    private readonly IMetricsAggregator _metricsAggregator;
    private readonly WorkerPool<Worker> _workers;

    private FederatedEvaluation(IModel model, IMetricsAggregator metricsAggregator, int threads)
    {
        _model = model;
        _metricsAggregator = metricsAggregator;
        _workers = new WorkerPool<Worker>(threads, () => new Worker(model, metricsAggregator));
    }

    /// <summary>An evaluation process.</summary>
    /// <param name="model">What is evaluated.</param>
    /// <param name="metricsAggregator">What makes one report of the clients' metrics; null to sum them, then finalize.</param>
    /// <param name="threads">Clients evaluated at a time; at least 1. The result does not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static FederatedEvaluation Build(IModel model, IMetricsAggregator? metricsAggregator = null, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return new FederatedEvaluation(model, metricsAggregator ?? new SumThenFinalize(), threads);
    }

    /// <summary>The types of the process's functions.</summary>
    public ProcessSignature Signature
    {
        get
        {
            var sums = _model.Metrics.Select(metric => ((string?)metric.Name, Accumulators(metric)));
            var state = ProcessSignature.State(
                _model.Layout, new StructureType((null, StructureType.Empty), (null, new StructureType(sums))),
                new WeightedMean().Initialize(_model.Layout).Signature, StructureType.Empty);
            return ProcessSignature.Create(
                state, ProcessSignature.Weights(_model.Layout), ProcessSignature.Batch(_model), Next(Initialize(), []).Metrics.Signature);

            static TypeSignature Accumulators(Metric metric) =>
                new StructureType(Enumerable.Repeat(((string?)null, (TypeSignature)metric.Type.ToTensorType()), metric.AccumulatorCount));
        }
    }

    /// <summary>A state with the model's initial weights and nothing evaluated.</summary>
    public EvaluationState Initialize()
    {
        var parameters = new float[_model.Layout.Length];
        _model.Initialize(parameters);
        return new EvaluationState(new ModelWeights(_model.Layout, [.. parameters]), null);
    }

    /// <summary>
    /// The state with another model. The sums of earlier rounds stay, as in TensorFlow Federated: start from a fresh state to evaluate a model on its own.
    /// </summary>
    /// <exception cref="ArgumentException">The weights are not of this model.</exception>
    public EvaluationState SetModelWeights(EvaluationState state, ModelWeights weights)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(weights);
        CohortCheck.Check(_model, weights, []);
        return new EvaluationState(weights, state.Totals);
    }

    /// <summary>
    /// Evaluates on the clients given. The metrics of this round and of all rounds are at client_work/eval/current_round_metrics and .../total_rounds_metrics.
    /// </summary>
    /// <exception cref="ArgumentException">A client does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">A client is not batched.</exception>
    /// <exception cref="ClientFailedException">A client's work threw; it is named.</exception>
    public (EvaluationState State, MetricTree Metrics) Next(
        EvaluationState state, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        CohortCheck.Check(_model, state.GlobalModelWeights, clients);
        return _workers.Run(
            clients,
            worker => worker.Metrics.Clear(),
            (worker, i) => worker.Evaluate(state.GlobalModelWeights, clients[i], cancellationToken),
            workers => Finish(state, workers),
            cancellationToken);
    }

    private (EvaluationState State, MetricTree Metrics) Finish(EvaluationState state, Worker[] workers)
    {
        IMetricsAggregation current = _metricsAggregator.Begin(_model.Metrics), totals = _metricsAggregator.Begin(_model.Metrics);
        foreach (var worker in workers) current.Merge(worker.Metrics);
        totals.Merge(current);
        if (state.Totals is { } before) totals.Merge(before);
        var metrics = new MetricTree(
            ("distributor", MetricTree.Empty),
            ("client_work", new MetricTree(("eval", new MetricTree(("current_round_metrics", current.Report()), ("total_rounds_metrics", totals.Report()))))),
            ("aggregator", new MetricTree(("mean_value", MetricTree.Empty), ("mean_weight", MetricTree.Empty))),
            ("finalizer", MetricTree.Empty));
        return (new EvaluationState(state.GlobalModelWeights, totals), metrics);
    }

    private sealed class Worker(IModel model, IMetricsAggregator metricsAggregator)
    {
        private readonly LocalTraining _work = new(model);

        public IMetricsAggregation Metrics { get; } = metricsAggregator.Begin(model.Metrics);

        public void Evaluate(ModelWeights weights, ClientDataset client, CancellationToken cancellationToken)
        {
            _work.Evaluate(weights.Parameters.AsSpan(), client, cancellationToken);
            Metrics.Add(client.ClientId, _work.Metrics);
        }
    }
}
