using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace FedPure.Learning.Evaluation;

/// <summary>
/// Federated evaluation of several models on the same clients, such as candidates of a comparison. Each keeps the state of an evaluation of its own.
/// </summary>
public sealed class MultiModelEvaluation
{
    private readonly ImmutableArray<(string Name, FederatedEvaluation Evaluation)> _evaluations;

    private MultiModelEvaluation(ImmutableArray<(string, FederatedEvaluation)> evaluations) => _evaluations = evaluations;

    /// <summary>An evaluation of these models, each under its name.</summary>
    /// <param name="models">At least one; names differ.</param>
    /// <param name="threads">Clients evaluated at a time; at least 1. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">There is no model, or two have one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">threads is not positive.</exception>
    public static MultiModelEvaluation Build(IReadOnlyList<(string Name, IModel Model)> models, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0) throw new ArgumentException("There is no model to evaluate.", nameof(models));
        if (models.GroupBy(model => model.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two models are named '{twice.Key}'.", nameof(models));
        return new MultiModelEvaluation([.. models.Select(model => (model.Name, FederatedEvaluation.Build(model.Model, threads: threads)))]);
    }

    /// <summary>A state for each model, in their order, with its initial weights and nothing evaluated.</summary>
    public ImmutableArray<EvaluationState> Initialize() => [.. _evaluations.Select(model => model.Evaluation.Initialize())];

    /// <summary>The states with other weights, in the order of the models.</summary>
    /// <exception cref="ArgumentException">There are not as many as models, or some are not of their model.</exception>
    public ImmutableArray<EvaluationState> SetModelWeights(ImmutableArray<EvaluationState> states, IReadOnlyList<ModelWeights> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        RequireOneEach(states.Length, nameof(states));
        RequireOneEach(weights.Count, nameof(weights));
        return [.. _evaluations.Select((model, i) => model.Evaluation.SetModelWeights(states[i], weights[i]))];
    }

    /// <summary>
    /// Evaluates every model on the clients given; a model's metrics are at client_work/NAME/eval/current_round_metrics and .../total_rounds_metrics.
    /// </summary>
    /// <inheritdoc cref="FederatedEvaluation.Next"/>
    public (ImmutableArray<EvaluationState> States, MetricTree Metrics) Next(
        ImmutableArray<EvaluationState> states, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default)
    {
        RequireOneEach(states.Length, nameof(states));
        var results = _evaluations.Select((model, i) => model.Evaluation.Next(states[i], clients, cancellationToken)).ToArray();
        var work = _evaluations.Zip(results, (model, result) => KeyValuePair.Create<string, MetricNode>(model.Name, result.Metrics.Tree("client_work")));
        var metrics = new MetricTree(
            ("distributor", MetricTree.Empty),
            ("client_work", new MetricTree([.. work])),
            ("aggregator", results[0].Metrics.Tree("aggregator")),
            ("finalizer", MetricTree.Empty));
        return ([.. results.Select(result => result.State)], metrics);
    }

    private void RequireOneEach(int count, string name)
    {
        if (count != _evaluations.Length) throw new ArgumentException($"There are {_evaluations.Length} models, but {count} were given.", name);
    }
}
