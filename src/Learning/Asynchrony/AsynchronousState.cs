using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;
using FedPure.Learning.Types;

namespace FedPure.Learning.Asynchrony;

/// <summary>A model of the server from which clients train.</summary>
public sealed class ModelVersion
{
    private ModelWeights? _weights;

    internal ModelVersion(int number, ModelWeights? weights = null) => (Number, _weights) = (number, weights);

    /// <summary>Server updates before it.</summary>
    public int Number { get; }

    /// <summary>The model.</summary>
    public ModelWeights Weights => _weights ?? throw new InvalidOperationException($"Version {Number} has not been reached.");

    internal bool IsReached => _weights is not null;

    /// <summary>A round's order of events is known before its models are: a version gets its weights once, before the round ends.</summary>
    internal void Reach(ModelWeights weights) => _weights = weights;
}

/// <summary>A client that was started, and has not been dealt with.</summary>
/// <param name="Client">The client.</param>
/// <param name="From">The model that it trains from.</param>
/// <param name="Start">The number of the start, from 0.</param>
/// <param name="Round">Rounds done when it started, by which its learning rate follows a schedule.</param>
/// <param name="StartedAt">Virtual seconds.</param>
/// <param name="ArrivesAt">When its result arrives; or when the server notices that none will.</param>
/// <param name="DropsOut">Whether it never delivers.</param>
public sealed record RunningClient(ClientDataset Client, ModelVersion From, long Start, int Round, double StartedAt, double ArrivesAt, bool DropsOut);

/// <summary>
/// What an asynchronous process keeps. Clients train when their results arrive, so that a running client is its number and the model that it trains from.
/// Memory: 4 bytes a parameter for each version that a client in <paramref name="Running"/> or <paramref name="Buffer"/> trains from, of which there are no
/// more than clients.
/// </summary>
/// <param name="Rule">The rule that clients train with, those in training too: they train when their results arrive.</param>
/// <param name="Seconds">The virtual clock.</param>
/// <param name="Version">Server updates so far, those included that were refused and left the model.</param>
/// <param name="Starts">Clients started so far.</param>
/// <param name="Running">Clients in training, in the order in which they will arrive.</param>
/// <param name="Buffer">Clients that have arrived in a round that ended before the buffer was full, in the order of their arrival.</param>
public sealed record AsynchronousState(
    ClientRule Rule, double Seconds, int Version, long Starts, ImmutableArray<RunningClient> Running, ImmutableArray<RunningClient> Buffer)
    : ClientWorkState
{
    /// <summary>Those of fixed size alone: clients in training have no fixed type.</summary>
    public override TypeSignature Signature(ParameterLayout layout) => new StructureType(
        ("client_rule", Rule.Signature(layout)), ("simulated_seconds", new TensorType("float64")), ("version", TensorType.Int32), ("starts", TensorType.Int64));

    internal static AsynchronousState Initialize(ClientRule rule) => new(rule, 0, 0, 0, [], []);
}
