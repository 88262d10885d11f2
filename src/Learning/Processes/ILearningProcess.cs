using FedPure.Data;
using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>Federated training as two functions, from nothing to a first state, and from a state and a cohort of clients to the next.</summary>
public interface ILearningProcess
{
    /// <summary>The types of the process's functions.</summary>
    ProcessSignature Signature { get; }

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
    /// <exception cref="ArgumentException">The weights are not of the process's model.</exception>
    ServerState SetModelWeights(ServerState state, ModelWeights weights)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Layout.Length != state.GlobalModelWeights.Layout.Length)
            throw new ArgumentException(
                $"The process's model has {state.GlobalModelWeights.Layout.Length} parameters, but {weights.Layout.Length} were given.", nameof(weights));
        return state with { GlobalModelWeights = weights };
    }

    /// <summary>The numbers of a state that can be replaced between rounds.</summary>
    ProcessHyperparameters GetHyperparameters(ServerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new ProcessHyperparameters(
            state.ClientWork is ReplaceableClientRule client ? client.Rule.Hyperparameters : [], state.Finalizer.Rule.Hyperparameters);
    }

    /// <summary>
    /// The state with other numbers; those not named stay, and so does what the optimizers remember. Where clients come and go by a clock of their own, the
    /// server's numbers go for every result from now on, also those of clients that were started before.
    /// </summary>
    /// <exception cref="ArgumentException">A number does not exist, or the clients' rule cannot be replaced in this process.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    ServerState SetHyperparameters(ServerState state, ProcessHyperparameters values)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(values);
        var next = state with { Finalizer = state.Finalizer with { Rule = state.Finalizer.Rule.WithHyperparameters(values.Finalizer.AsSpan()) } };
        return values.ClientWork.IsEmpty ? next
            : state.ClientWork is ReplaceableClientRule client
                ? next with { ClientWork = new ReplaceableClientRule(client.Rule.WithHyperparameters(values.ClientWork.AsSpan())) }
            : throw new ArgumentException("This process keeps no hyper-parameters of its clients in the state: build it with others.", nameof(values));
    }
}
