using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Asynchrony;

/// <summary>A result that the server takes, and the server updates since the model that it was trained from.</summary>
internal readonly record struct Arrival(RunningClient Running, int Staleness);

/// <summary>What happens in a round, which does not depend on what clients learn.</summary>
/// <param name="Arrivals">The results in the order in which the server takes them: as many as fill its buffer, for each update.</param>
/// <param name="Versions">The model that the round starts with, and the one after each update.</param>
/// <param name="Dropped">Clients that dropped out.</param>
/// <param name="State">The state after the round.</param>
/// <param name="Standstill">Why the round ended early, as a clause; null if it did not.</param>
internal sealed record RoundPlan(
    ImmutableArray<Arrival> Arrivals, ImmutableArray<ModelVersion> Versions, int Dropped, AsynchronousState State, string? Standstill);

/// <summary>The events of a round in their order: clients start, arrive and drop out, the buffer fills, versions follow one another.</summary>
internal sealed class Timeline
{
    /// <summary>
    /// Clients that drop out, or slots of time in which nobody trains or can be started, one after the other without a result between them, after which a round
    /// ends. With nine of ten clients dropping out it is reached once in 10^457; where all do, it takes a moment.
    /// </summary>
    public const int Patience = 10_000;

    private readonly VirtualClock _clock;
    private readonly AsynchronousState _before;
    private readonly RandomKey _key;
    private readonly int _round, _bufferSize;

    // By id, so that the order in which clients are given does not show; those that can be started by their places in it, ascending.
    private readonly ClientDataset[] _clients;
    private readonly List<int> _idle;
    private readonly PriorityQueue<RunningClient, (double, long)> _running = new();
    private readonly ImmutableArray<Arrival>.Builder _arrivals = ImmutableArray.CreateBuilder<Arrival>();
    private readonly ImmutableArray<ModelVersion>.Builder _versions = ImmutableArray.CreateBuilder<ModelVersion>();
    private double _now;
    private long _starts;
    private int _buffered, _dropped, _inVain;

    private Timeline(VirtualClock clock, ServerState state, IReadOnlyList<ClientDataset> clients, int bufferSize)
    {
        (_clock, _bufferSize, _round) = (clock, bufferSize, state.Round);
        _before = (AsynchronousState)state.ClientWork;
        _key = state.Key.Fold("virtual clock");
        (_now, _starts) = (_before.Seconds, _before.Starts);
        _clients = Sorted(clients);
        var training = _before.Running.Select(running => running.Client.ClientId).ToHashSet(StringComparer.Ordinal);
        _idle = [.. Enumerable.Range(0, _clients.Length).Where(i => !training.Contains(_clients[i].ClientId))];
        foreach (var running in _before.Running) Enqueue(running);
        _versions.Add(new ModelVersion(_before.Version, state.GlobalModelWeights));
        foreach (var arrived in _before.Buffer) Arrive(arrived);
    }

    /// <summary>The events until the buffer has been full so many times.</summary>
    /// <exception cref="InvalidOperationException">A speed is not finite and at least 0.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RoundPlan Plan(
        VirtualClock clock, ServerState state, IReadOnlyList<ClientDataset> clients, int bufferSize, int updates, CancellationToken cancellationToken = default)
    {
        var timeline = new Timeline(clock, state, clients, bufferSize);
        string? standstill = timeline.Run(updates, cancellationToken);
        return timeline.End(standstill);
    }

    private bool IsDue => _running.TryPeek(out var next, out _) && next.ArrivesAt <= _now;

    private int Places => _clock.IsSynchronous ? Math.Min(_clock.Concurrency, _bufferSize - _buffered) : _clock.Concurrency;

    private string? Run(int updates, CancellationToken cancellationToken)
    {
        while (_versions.Count <= updates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsDue)
            {
                Receive(_running.Dequeue());
            }
            else
            {
                while (TryStart())
                {
                }

                // Clients that take no time are due at once.
                if (!IsDue && !TryWait())
                    return _clients.Length == 0 ? "no client was given, and none is in training" : "no client can be started, and none is in training";
            }

            if (_inVain > Patience) return $"{Patience} clients or slots of time went by without a result";
        }

        return null;
    }

    private void Receive(RunningClient running)
    {
        int place = Array.BinarySearch(_clients, running.Client, ById.Instance);
        if (place >= 0) _idle.Insert(~_idle.BinarySearch(place), place);
        if (running.DropsOut)
        {
            _dropped++;
            _inVain++;
        }
        else
        {
            _inVain = 0;
            Arrive(running);
        }
    }

    private void Arrive(RunningClient running)
    {
        int version = _versions[^1].Number;
        _arrivals.Add(new Arrival(running, version - running.From.Number));
        if (++_buffered < _bufferSize) return;
        _buffered = 0;
        _versions.Add(new ModelVersion(version + 1));
    }

    private bool TryStart()
    {
        if (_running.Count >= Places) return false;
        var candidates = _clock.Availability is { } availability ? _idle.FindAll(place => availability.IsAvailable(_clients[place].ClientId, _now)) : _idle;
        if (candidates.Count == 0) return false;
        var choice = _key.Fold("choice").Fold((ulong)_starts).Stream();
        int place = candidates[choice.NextBelow(candidates.Count)];
        _idle.RemoveAt(_idle.BinarySearch(place));
        var client = _clients[place];
        var start = _key.Fold((ulong)_starts).Fold(client.ClientId);
        double seconds = _clock.Speed.Seconds(new ClientStart(client, _now, _key.Fold("client").Fold(client.ClientId), start.Fold("speed")));
        if (!(seconds >= 0 && double.IsFinite(_now + seconds)))
            throw new InvalidOperationException(
                $"Client '{client.ClientId}' takes {seconds} seconds from second {_now}, as its speed says: a time is finite and at least 0.");
        var dropout = start.Fold("dropout").Stream();
        bool dropsOut = dropout.NextDouble() < _clock.DropoutProbability;
        Enqueue(new RunningClient(client, _versions[^1], _starts, _round, _now, _now + seconds, dropsOut));
        _starts++;
        return true;
    }

    // Until the next arrival, or until a place that is free may find somebody available.
    private bool TryWait()
    {
        double next = _running.TryPeek(out var running, out _) ? running.ArrivesAt : double.PositiveInfinity;
        if (_clock.Availability is { } availability && _idle.Count > 0 && _running.Count < Places) next = Math.Min(next, availability.NextSlot(_now));
        if (double.IsPositiveInfinity(next)) return false;
        if (_running.Count == 0) _inVain++;
        _now = next;
        return true;
    }

    private void Enqueue(RunningClient running) => _running.Enqueue(running, (running.ArrivesAt, running.Start));

    private static ClientDataset[] Sorted(IReadOnlyList<ClientDataset> clients)
    {
        ClientDataset[] sorted = [.. clients];

        // Data sets list their clients so: a round of many clients need not sort them.
        if (!sorted.Zip(sorted.Skip(1)).All(pair => ById.Instance.Compare(pair.First, pair.Second) <= 0)) Array.Sort(sorted, ById.Instance);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].ClientId == sorted[i - 1].ClientId)
                throw new ArgumentException($"Client '{sorted[i].ClientId}' is given twice, but trains once at a time.", nameof(clients));
        }

        return sorted;
    }

    private RoundPlan End(string? standstill)
    {
        var waiting = _arrivals.Skip(_arrivals.Count - _buffered).Select(arrival => arrival.Running).ToImmutableArray();
        _arrivals.RemoveRange(_arrivals.Count - _buffered, _buffered);
        var running = _running.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element);
        var state = _before with { Seconds = _now, Version = _versions[^1].Number, Starts = _starts, Running = [.. running], Buffer = waiting };
        return new RoundPlan(_arrivals.ToImmutable(), _versions.ToImmutable(), _dropped, state, standstill);
    }

    private sealed class ById : IComparer<ClientDataset>
    {
        public static readonly ById Instance = new();

        public int Compare(ClientDataset? x, ClientDataset? y) => string.CompareOrdinal(x?.ClientId, y?.ClientId);
    }
}
