using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Asynchrony;

/// <summary>
/// How virtual time passes for an asynchronous process: which clients train when, and for how long. Nothing in it looks at a real clock. Rules of its order: of
/// results that arrive at the same moment, that of the client started first comes first; all results of a moment, and the server updates that they lead to,
/// come before new clients start; these are drawn one by one, uniformly, of the clients given that are available and not in training. A client's speed, its
/// dropping out and its training depend on the seed, its id and the number of the start alone, and the draw on the number of the start and on who could be
/// drawn.
/// </summary>
public sealed record VirtualClock
{
    /// <summary>How long clients take.</summary>
    public ClientSpeed Speed { get; init; } = new LogNormalSpeed();

    /// <summary>Most clients in training at a time; at least 1. Fewer train where there are fewer.</summary>
    public int Concurrency { get; init => field = Interval.AtLeastOne.Check(value, nameof(Concurrency)); } = 10;

    /// <summary>
    /// The probability that a client that was started never delivers, 0 to 1, independently of all others. The server takes note of it when the result would
    /// have arrived, and starts another client.
    /// </summary>
    public double DropoutProbability { get; init => field = Probability.Check(value, nameof(DropoutProbability)); }

    /// <summary>When clients can be started; null for always. One that has started trains to the end.</summary>
    public ClientAvailability? Availability { get; init; }

    /// <summary>
    /// Whether no more clients train than the buffer has places for, so that the server waits for all of them and nothing is stale: synchronous federated
    /// averaging under the same clock.
    /// </summary>
    public bool IsSynchronous { get; init; }

    internal static Interval Probability { get; } = new("from 0 to 1", value => value is >= 0 and <= 1);
}
