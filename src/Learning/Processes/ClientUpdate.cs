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

    public override MetricTree Measure(ServerState state, MetricTree train) => state.ClientWork is ScheduledClientRule scheduled
        ? new MetricTree(("train", train), ("client_learning_rate", new MetricValue(MetricType.Float32, scheduled.At(state.Round).LearningRate)))
        : base.Measure(state, train);

    private sealed class Worker(ClientUpdate work, IModel model, ClientWeighting weighting) : ClientWorker
    {
        private readonly LocalTraining _training = new(model);

        public override ReadOnlySpan<float> Update => _training.Update;

        public override ReadOnlySpan<double> MetricSums => _training.Metrics;

        public override ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken)
        {
            var local = new LocalRule(((ClientRule)state.ClientWork).At(state.Round)) { ProximalStrength = work.ProximalStrength };
            long examples = _training.Train(state.GlobalModelWeights.Parameters.AsSpan(), client, local, state.ClientKey(client.ClientId), cancellationToken);
            return new ClientResult(weighting == ClientWeighting.Uniform ? 1 : examples, Vectors.AllFinite(Update));
        }
    }
}
