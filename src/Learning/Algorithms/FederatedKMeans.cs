using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;
using FedPure.Learning.Types;

namespace FedPure.Learning.Algorithms;

/// <summary>What lasts of federated k-means from round to round.</summary>
/// <param name="Centroids">[ClusterCount×FeatureCount] row-major.</param>
/// <param name="ClusterWeights">[ClusterCount]: 1 at the start, and one more for each point that a cluster was ever given.</param>
/// <param name="Aggregator">What the aggregator of sums keeps.</param>
/// <param name="Round">Rounds done.</param>
public sealed record KMeansState(ImmutableArray<float> Centroids, ImmutableArray<float> ClusterWeights, AggregatorState Aggregator, int Round);

/// <summary>
/// Federated k-means (mini-batch k-means, Sculley: Web-scale k-means clustering. WWW 2010, with a cohort for a batch): a client sends, for each centroid, the
/// sum and the number of its points that are nearest to it; a centroid moves to the mean of all points that it was ever given, its start value counting as one.
/// Points are the clients' features; labels are not looked at.
/// </summary>
public sealed class FederatedKMeans
{
    private readonly ImmutableArray<float> _initial;
    private readonly IAggregator _aggregator;
    private readonly ParameterLayout _layout;
    private readonly WorkerPool<Worker> _workers;

    private FederatedKMeans(int clusterCount, int featureCount, ImmutableArray<float> initial, IAggregator aggregator, int threads)
    {
        ClusterCount = clusterCount;
        FeatureCount = featureCount;
        _initial = initial;
        _aggregator = aggregator;
        _layout = new ParameterLayout([("sums", [clusterCount, featureCount], false), ("counts", [clusterCount], false)]);
        _workers = new WorkerPool<Worker>(threads, () => new Worker(this));
    }

    /// <summary>Number of clusters.</summary>
    public int ClusterCount { get; }

    /// <summary>Features of a point.</summary>
    public int FeatureCount { get; }

    /// <summary>A process that starts from given centroids.</summary>
    /// <param name="initialCentroids">[clusters×featureCount] row-major, finite.</param>
    /// <param name="featureCount">Features of a point; at least 1.</param>
    /// <param name="aggregator">What adds up the clients' sums and counts; null for <see cref="Sum"/>.</param>
    /// <param name="threads">Clients served at a time; at least 1. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">The centroids are no whole number of points, or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">featureCount or threads is not positive.</exception>
    public static FederatedKMeans Build(ImmutableArray<float> initialCentroids, int featureCount, IAggregator? aggregator = null, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        if (initialCentroids.IsDefaultOrEmpty || initialCentroids.Length % featureCount != 0)
            throw new ArgumentException(
                $"{(initialCentroids.IsDefault ? 0 : initialCentroids.Length)} values are no whole number of centroids of {featureCount} features.",
                nameof(initialCentroids));
        if (!initialCentroids.All(float.IsFinite)) throw new ArgumentException("Centroids must be finite.", nameof(initialCentroids));
        return new FederatedKMeans(initialCentroids.Length / featureCount, featureCount, initialCentroids, aggregator ?? new Sum(), threads);
    }

    /// <summary>A process that starts from centroids drawn from the standard normal distribution, as tf.random.stateless_normal draws them.</summary>
    /// <param name="clusterCount">At least 1.</param>
    /// <param name="featureCount">At least 1.</param>
    /// <param name="seed">The two words of the seed.</param>
    /// <param name="aggregator">What adds up the clients' sums and counts; null for <see cref="Sum"/>.</param>
    /// <param name="threads">Clients served at a time; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive.</exception>
    public static FederatedKMeans Build(int clusterCount, int featureCount, (long First, long Second) seed, IAggregator? aggregator = null, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusterCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        var centroids = new float[checked(clusterCount * featureCount)];
        StatelessNormal.Fill(seed.First, seed.Second, centroids);
        return Build(ImmutableCollectionsMarshal.AsImmutableArray(centroids), featureCount, aggregator, threads);
    }

    /// <summary>The types of the process's functions.</summary>
    public ProcessSignature Signature
    {
        get
        {
            var centroids = new TensorType("float32", ClusterCount, FeatureCount);
            var state = new StructureType(
                ("global_model_weights", centroids),
                ("distributor", StructureType.Empty),
                ("client_work", StructureType.Empty),
                ("aggregator", _aggregator.Initialize(_layout).Signature),
                ("finalizer", new TensorType("float32", ClusterCount)));
            return ProcessSignature.Create(state, centroids, new TensorType("float32", FeatureCount), Next(Initialize(), []).Metrics.Signature);
        }
    }

    /// <summary>The state before the first round.</summary>
    public KMeansState Initialize() => new(_initial, [.. Enumerable.Repeat(1f, ClusterCount)], _aggregator.Initialize(_layout), 0);

    /// <summary>
    /// One round over all clients given. The number of points is at client_work/num_examples. A client with a point that is not finite is left out.
    /// </summary>
    /// <exception cref="ArgumentException">A client's points have another number of features.</exception>
    /// <exception cref="ClientFailedException">A client's work threw; it is named.</exception>
    public (KMeansState State, MetricTree Metrics) Next(KMeansState state, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(clients);
        foreach (var client in clients)
        {
            if (client.FeatureCount != FeatureCount)
                throw new ArgumentException(
                    $"Client '{client.ClientId}' has points of {client.FeatureCount} features, but the centroids have {FeatureCount}.", nameof(clients));
        }

        return _workers.Run(
            clients, worker => worker.Aggregation.Begin(state.Aggregator), (worker, i) => worker.Assign(state, clients[i]), workers => Finish(state, workers),
            cancellationToken);
    }

    private (KMeansState State, MetricTree Metrics) Finish(KMeansState state, Worker[] workers)
    {
        foreach (var worker in workers.AsSpan(1)) workers[0].Aggregation.Merge(worker.Aggregation);
        var totals = new float[_layout.Length];
        var aggregated = workers[0].Aggregation.Complete(totals);
        var next = state with { Aggregator = aggregated.State, Round = state.Round + 1 };
        float examples = 0;
        if (aggregated.Problem is null)
        {
            float[] centroids = [.. state.Centroids], weights = [.. state.ClusterWeights];
            var counts = totals.AsSpan(ClusterCount * FeatureCount);
            for (int cluster = 0; cluster < ClusterCount; cluster++)
            {
                float before = weights[cluster];
                weights[cluster] += counts[cluster];
                examples += counts[cluster];
                if (counts[cluster] == 0) continue;
                for (int i = cluster * FeatureCount; i < (cluster + 1) * FeatureCount; i++)
                    centroids[i] = centroids[i] * (before / weights[cluster]) + totals[i] / weights[cluster];
            }

            next = next with
            {
                Centroids = ImmutableCollectionsMarshal.AsImmutableArray(centroids),
                ClusterWeights = ImmutableCollectionsMarshal.AsImmutableArray(weights),
            };
        }

        var metrics = new MetricTree(
            ("distributor", MetricTree.Empty),
            ("client_work", new MetricTree(("num_examples", new MetricValue(MetricType.Float32, examples)))),
            ("aggregator", aggregated.Measurements),
            ("finalizer", MetricTree.Empty));
        return (next, metrics);
    }

    private sealed class Worker(FederatedKMeans process)
    {
        private readonly float[] _update = new float[process._layout.Length];

        public IAggregation Aggregation { get; } = process._aggregator.CreateAggregation(process._layout);

        public void Assign(KMeansState state, ClientDataset client)
        {
            Array.Clear(_update);
            int width = process.FeatureCount;
            var counts = _update.AsSpan(process.ClusterCount * width);
            for (int i = 0; i < client.Count; i++)
            {
                var point = client.Features(i);
                int nearest = Nearest(state.Centroids.AsSpan(), point);
                counts[nearest]++;
                for (int j = 0; j < width; j++) _update[nearest * width + j] += point[j];
            }

            if (Tensors.Vectors.AllFinite(_update)) Aggregation.Add(client.ClientId, _update, 1);
        }

        // The centroid of the least squared distance; of several, the first.
        private int Nearest(ReadOnlySpan<float> centroids, ReadOnlySpan<float> point)
        {
            int nearest = 0;
            float least = float.PositiveInfinity;
            for (int cluster = 0; cluster < process.ClusterCount; cluster++)
            {
                float distance = 0;
                for (int j = 0; j < point.Length; j++)
                {
                    float difference = point[j] - centroids[cluster * point.Length + j];
                    distance += difference * difference;
                }

                if (distance < least) (nearest, least) = (cluster, distance);
            }

            return nearest;
        }
    }
}
