using System.Runtime.InteropServices;
using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>
/// Federated averaging (McMahan, Moore, Ramage, Hampson, Agüera y Arcas: Communication-efficient learning of deep networks from decentralized data. AISTATS 2017),
/// generalized by a server optimizer (Reddi et al.: Adaptive federated optimization. ICLR 2021). In a round each client trains from the server's weights; the mean
/// of the updates server - client, weighted, is the gradient that the server's optimizer takes. With <c>new Sgd(1f)</c> there, the new model is the weighted average
/// of the clients'.
/// </summary>
public static class FederatedAveraging
{
    /// <summary>A process of weighted federated averaging.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="clientOptimizer">The clients' rule, started afresh for each client in each round.</param>
    /// <param name="serverOptimizer">The server's rule; null for <c>new Sgd(1f)</c>.</param>
    /// <param name="weighting">What a client's update weighs.</param>
    /// <param name="threads">Clients trained at a time; at least 1. The result does not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static ILearningProcess BuildWeighted(
        IModel model, IOptimizer clientOptimizer, IOptimizer? serverOptimizer = null, ClientWeighting weighting = ClientWeighting.NumExamples, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clientOptimizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return new Process(model, clientOptimizer, serverOptimizer ?? new Sgd(1f), weighting, new WeightedMean(), threads);
    }

    private sealed class Process(
        IModel model, IOptimizer clientOptimizer, IOptimizer serverOptimizer, ClientWeighting weighting, IAggregator aggregator, int threads) : ILearningProcess
    {
        private readonly WorkerPool<Worker> _workers = new(threads, () => new Worker(model, aggregator));

        public ServerState Initialize()
        {
            var parameters = new float[model.Layout.Length];
            model.Initialize(parameters);
            var optimizerState = new float[serverOptimizer.StateLength(model.Layout)];
            serverOptimizer.InitializeState(model.Layout, optimizerState);
            return new ServerState(
                new ModelWeights(model.Layout, ImmutableCollectionsMarshal.AsImmutableArray(parameters)),
                clientOptimizer,
                new OptimizerState(serverOptimizer, ImmutableCollectionsMarshal.AsImmutableArray(optimizerState)),
                0);
        }

        public RoundResult Next(ServerState state, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(state);
            CohortCheck.Check(model, state.GlobalModelWeights, clients);
            var failed = new bool[clients.Count];
            return _workers.Run(
                clients,
                worker => worker.Clear(),
                (worker, i) => failed[i] = !worker.Train(state, clients[i], weighting, cancellationToken),
                workers => Finish(state, workers, clients, failed),
                cancellationToken);
        }

        private RoundResult Finish(ServerState state, Worker[] workers, IReadOnlyList<ClientDataset> clients, bool[] failed)
        {
            var total = workers[0];
            foreach (var worker in workers.AsSpan(1)) total.Merge(worker);
            var update = new float[model.Layout.Length];
            var next = state;
            if (total.Aggregation.TryComplete(update, out string? problem) && !TryApply(state, update, out next))
                problem = "the server optimizer's step gives weights that are not finite";
            var metrics = new MetricTree(
                ("distributor", MetricTree.Empty),
                ("client_work", new MetricTree(("train", total.Metrics.Finalized()))),
                ("aggregator", aggregator.Measure(total.Aggregation)),
                ("finalizer", new MetricTree(("update_non_finite", new MetricValue(MetricType.Int32, problem is null ? 0 : 1)))));
            return new RoundResult(next with { Round = state.Round + 1 }, metrics)
            {
                NonFiniteClients = [.. clients.Where((_, i) => failed[i]).Select(client => client.ClientId)],
                Problem = problem,
            };
        }

        // Next is the state given where the step would leave the finite numbers: what cannot be continued from, nor saved, is not a model.
        private bool TryApply(ServerState state, ReadOnlySpan<float> update, out ServerState next)
        {
            float[] parameters = [.. state.GlobalModelWeights.Parameters], optimizerState = [.. state.Finalizer.State];
            state.Finalizer.Rule.Step(model.Layout, parameters, update, optimizerState);
            bool finite = Vectors.AllFinite(parameters) && Vectors.AllFinite(optimizerState);
            next = !finite ? state : state with
            {
                GlobalModelWeights = new ModelWeights(model.Layout, ImmutableCollectionsMarshal.AsImmutableArray(parameters)),
                Finalizer = state.Finalizer with { State = ImmutableCollectionsMarshal.AsImmutableArray(optimizerState) },
            };
            return finite;
        }
    }

    /// <summary>One thread's memory: local training, and running sums over the clients that it served.</summary>
    private sealed class Worker(IModel model, IAggregator aggregator)
    {
        private readonly LocalTraining _training = new(model);

        public IAggregation Aggregation { get; } = aggregator.Begin(model.Layout.Length);

        public MetricSums Metrics { get; } = new(model.Metrics);

        public void Clear()
        {
            Aggregation.Clear();
            Metrics.Clear();
        }

        /// <summary>Trains a client and adds its update and metrics; false if the update was not finite.</summary>
        public bool Train(ServerState state, ClientDataset client, ClientWeighting weighting, CancellationToken cancellationToken)
        {
            (long examples, bool finite) = _training.Train(state.GlobalModelWeights.Parameters.AsSpan(), client, state.ClientOptimizer, cancellationToken);
            double weight = !finite ? 0 : weighting == ClientWeighting.Uniform ? 1 : examples;
            Aggregation.Add(_training.Update, weight);
            Metrics.Add(_training.Metrics);
            return finite;
        }

        public void Merge(Worker other)
        {
            Aggregation.Merge(other.Aggregation);
            Metrics.Merge(other.Metrics);
        }
    }
}
