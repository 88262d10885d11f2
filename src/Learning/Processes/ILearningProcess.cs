using FedPure.Data;
using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>Federated training as two functions, from nothing to a first state, and from a state and a cohort of clients to the next.</summary>
public interface ILearningProcess
{
    /// <summary>The state before the first round, with the model's initial weights.</summary>
    ServerState Initialize();

    /// <summary>
    /// One round over all <paramref name="clients"/> given: it samples none of them. The result does not depend on their order nor on the number of threads.
    /// </summary>
    /// <exception cref="ArgumentException">A client does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">A client is not batched.</exception>
    /// <exception cref="ClientFailedException">A client's work threw; it is named.</exception>
    /// <exception cref="OperationCanceledException">The round was cancelled; the state given is still valid.</exception>
    RoundResult Next(ServerState state, IReadOnlyList<ClientDataset> clients, CancellationToken cancellationToken = default);

    /// <summary>The model in a state.</summary>
    ModelWeights GetModelWeights(ServerState state) => state.GlobalModelWeights;

    /// <summary>The state with another model; the optimizer's memory and the round stay.</summary>
    ServerState SetModelWeights(ServerState state, ModelWeights weights) => state with { GlobalModelWeights = weights };
}
