using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Processes;

/// <summary>
/// The part of an algorithm that clients do in a round, with what the server keeps for it. What is common to all algorithms, spreading clients over threads,
/// aggregating updates and metrics, and the server's optimizer, is <see cref="ComposedProcess"/>'s.
/// </summary>
public abstract class ClientWork
{
    /// <summary>The state before the first round.</summary>
    public abstract ClientWorkState Initialize();

    /// <summary>Memory for one thread at a time, used round after round.</summary>
    public abstract ClientWorker CreateWorker();

    /// <summary>Refuses a cohort that the work cannot take, before any of it starts.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public virtual void Check(ServerState state, IReadOnlyList<ClientDataset> clients)
    {
    }
}

/// <summary>What a client work keeps at the server from round to round, as an immutable value.</summary>
public abstract record ClientWorkState
{
    /// <summary>A state without content.</summary>
    public static ClientWorkState None { get; } = new Empty();

    /// <summary>The type of the state, with TensorFlow Federated's names, for a model of that layout.</summary>
    public abstract TypeSignature Signature(ParameterLayout layout);

    private sealed record Empty : ClientWorkState
    {
        public override TypeSignature Signature(ParameterLayout layout) => StructureType.Empty;
    }
}

/// <summary>What came of a client's work.</summary>
/// <param name="Weight">What its update weighs in the aggregate; at least 0.</param>
/// <param name="IsFinite">Whether every number of it is finite; otherwise the client is left out of the round.</param>
public readonly record struct ClientResult(double Weight, bool IsFinite);

/// <summary>What came of a round's work over all clients.</summary>
/// <param name="State">The work's state after the round; not kept if the round leaves the model as it was.</param>
/// <param name="Problem">Why the round must leave the model, as a clause; null if it need not.</param>
public readonly record struct WorkResult(ClientWorkState State, string? Problem = null);

/// <summary>
/// Works for one client after the other in the memory of one thread. Whatever it gathers over clients must not depend on their order or grouping.
/// </summary>
public abstract class ClientWorker
{
    /// <summary>The update of the client served last: server - client over the trainable parameters, a pseudo-gradient.</summary>
    public abstract ReadOnlySpan<float> Update { get; }

    /// <summary>The metric accumulators of the client served last.</summary>
    public abstract ReadOnlySpan<double> MetricSums { get; }

    /// <summary>Starts a round.</summary>
    public virtual void Begin(ServerState state)
    {
    }

    /// <summary>Does a client's part of the round.</summary>
    public abstract ClientResult Work(ServerState state, ClientDataset client, CancellationToken cancellationToken);

    /// <summary>Adds what another worker of the same round gathered.</summary>
    public virtual void Merge(ClientWorker other)
    {
    }

    /// <summary>
    /// Ends the round, on the worker that all others were merged into: the work's state after it. The aggregated update is on its way to the server's optimizer
    /// and may be changed here. Not called where there is no aggregate.
    /// </summary>
    public virtual WorkResult Finish(ServerState state, Span<float> update) => new(state.ClientWork);

    /// <summary>
    /// What stands under client_work among the round's metrics: the clients' own, and what else the work reports. On the worker that all others were merged
    /// into.
    /// </summary>
    public virtual MetricTree Measure(ServerState state, MetricTree train) => new(("train", train));
}
