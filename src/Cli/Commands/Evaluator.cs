using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace FedPure.Cli.Commands;

/// <summary>
/// Federated evaluation in one pass over each client's examples; each call starts from a fresh state, so that its metrics are of one model alone.
/// </summary>
internal sealed class Evaluator(IModel model, int batch, int threads, IMetricsAggregator? metrics = null)
{
    private readonly FederatedEvaluation _evaluation = FederatedEvaluation.Build(model, metrics, threads);
    private readonly InputPipeline _onePass = InputPipeline.Examples.Batch(batch);

    public EvaluationEvent Evaluate(int round, string split, IEnumerable<ClientDataset> clients, ModelWeights weights, CancellationToken cancellationToken)
    {
        var state = _evaluation.SetModelWeights(_evaluation.Initialize(), weights);
        var (_, metrics) = _evaluation.Next(state, [.. clients.Select(client => client.Preprocess(_onePass))], cancellationToken);
        return new EvaluationEvent(round, split, metrics);
    }
}
