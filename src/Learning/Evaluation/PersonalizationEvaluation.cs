using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Evaluation;

/// <summary>A way for a client to make the server's model its own: by training on its own examples.</summary>
/// <param name="Name">Of its metrics; not baseline_metrics.</param>
/// <param name="Optimizer">The rule that the client trains with.</param>
/// <param name="Pipeline">How it reads its training examples; ends with a batch.</param>
public sealed record PersonalizationStrategy(string Name, IOptimizer Optimizer, InputPipeline Pipeline);

/// <summary>A client's examples to personalize with, and those to measure on.</summary>
/// <param name="Train">Read through the pipeline of each strategy.</param>
/// <param name="Test">Batched.</param>
public sealed record PersonalizationClient(ClientDataset Train, ClientDataset Test);

/// <summary>
/// How much clients gain by fine-tuning the server's model (Wang, Mathews, Kiddon, Eichner, Beaufays, Ramage: Federated evaluation of on-device
/// personalization. 2019): for each client, the metrics of the model as it is and after each strategy, on the client's test examples. The model of the server
/// stays as it is.
/// </summary>
public sealed class PersonalizationEvaluation
{
    /// <summary>The name of the metrics before any training.</summary>
    public const string BaselineName = "baseline_metrics";

    private readonly IModel _model;
    private readonly RandomKey _key;
    private readonly ImmutableArray<PersonalizationStrategy> _strategies;
    private readonly WorkerPool<LocalTraining> _workers;

    private PersonalizationEvaluation(IModel model, ImmutableArray<PersonalizationStrategy> strategies, int threads, long seed)
    {
        _model = model;
        _strategies = strategies;
        _key = RandomKey.FromSeed(seed).Fold("personalization");
        _workers = new WorkerPool<LocalTraining>(threads, () => new LocalTraining(model));
    }

    /// <summary>An evaluation of these strategies.</summary>
    /// <param name="model">What is personalized.</param>
    /// <param name="strategies">In the order of their report; names differ.</param>
    /// <param name="threads">Clients served at a time; at least 1. The result does not depend on it.</param>
    /// <param name="seed">Of what clients draw at random, such as dropout.</param>
    /// <exception cref="ArgumentException">Two strategies share a name, or one has that of the baseline.</exception>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static PersonalizationEvaluation Build(IModel model, IReadOnlyList<PersonalizationStrategy> strategies, int threads = 1, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(strategies);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        var names = new HashSet<string>(StringComparer.Ordinal) { BaselineName };
        foreach (var strategy in strategies)
        {
            if (!names.Add(strategy.Name))
                throw new ArgumentException($"The name '{strategy.Name}' is taken; each strategy needs one of its own.", nameof(strategies));
        }

        return new PersonalizationEvaluation(model, [.. strategies], threads, seed);
    }

    /// <summary>
    /// The metrics of each client, in the order given: under baseline_metrics and each strategy's name, those of the model. A strategy whose training leaves
    /// the finite numbers reports NaN.
    /// </summary>
    /// <exception cref="ArgumentException">A client does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">A client or a strategy is not batched.</exception>
    /// <exception cref="ClientFailedException">A client's work threw; it is named.</exception>
    public ImmutableArray<MetricTree> Evaluate(
        ModelWeights weights, IReadOnlyList<PersonalizationClient> clients, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(clients);
        ClientDataset[] tests = [.. clients.Select(client => client.Test)];
        CohortCheck.Check(_model, weights, tests);
        foreach (var strategy in _strategies) CohortCheck.Check(_model, weights, [.. clients.Select(client => client.Train.Preprocess(strategy.Pipeline))]);
        var results = new MetricTree[clients.Count];
        return _workers.Run(
            tests,
            _ => { },
            (worker, i) => results[i] = Personalize(worker, weights, clients[i], cancellationToken),
            _ => ImmutableArray.Create(results),
            cancellationToken);
    }

    private MetricTree Personalize(LocalTraining worker, ModelWeights weights, PersonalizationClient client, CancellationToken cancellationToken)
    {
        var server = weights.Parameters.AsSpan();
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, MetricNode>>();
        entries.Add(new(BaselineName, Measure(worker, server, client.Test, cancellationToken)));
        foreach (var strategy in _strategies)
        {
            var key = _key.Fold(strategy.Name).Fold(client.Train.ClientId);
            worker.Train(server, client.Train.Preprocess(strategy.Pipeline), new LocalRule(strategy.Optimizer), key, cancellationToken);
            entries.Add(new(strategy.Name, Measure(worker, worker.Parameters, client.Test, cancellationToken)));
        }

        return new MetricTree(entries.ToImmutable());
    }

    private MetricTree Measure(LocalTraining worker, ReadOnlySpan<float> parameters, ClientDataset test, CancellationToken cancellationToken)
    {
        worker.Evaluate(parameters, test, cancellationToken);
        var sums = new SumThenFinalize().Begin(_model.Metrics);
        sums.Add(test.ClientId, worker.Metrics);
        return sums.Report();
    }
}
