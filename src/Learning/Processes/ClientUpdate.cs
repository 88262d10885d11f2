using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>Clients train from the server's weights, one optimizer step a batch (McMahan et al., 2017, Algorithm 1, ClientUpdate).</summary>
/// <param name="model">What is trained.</param>
/// <param name="rule">The rule that they train with.</param>
/// <param name="weighting">What a client's update weighs.</param>
internal sealed class ClientUpdate(IModel model, ClientRule rule, ClientWeighting weighting) : ClientWork
{
    /// <summary>mu of a term mu/2·|w - server|² that is added to a client's loss, though not to its metric; 0 for none.</summary>
    public float ProximalStrength { get; init; }

    public override ClientWorkState Initialize() => rule;

    public override ClientWorker CreateWorker() => new Worker(this, model, weighting);

    private sealed class Worker(ClientUpdate work, IModel model, ClientWeighting weighting) : TrainingWorker(model)
    {
        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var local = new LocalRule(((ClientRule)state.ClientWork).At(state.Round)) { ProximalStrength = work.ProximalStrength };
            long examples = Training.Train(
                state.GlobalModelWeights.Parameters.AsSpan(), client, local, state.ClientKey(client.ClientId), cancellationToken).Examples;
            return new ClientResult(weighting == ClientWeighting.Uniform ? 1 : examples, Vectors.AllFinite(Update));
        }

        public override MetricTree Measure(ServerState state, MetricTree train) => ((ClientRule)state.ClientWork).Measure(state.Round, train);
    }
}
