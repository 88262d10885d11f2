using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Data.Sampling;

namespace FedPure.Learning.Asynchrony;

/// <summary>
/// A clock by which clients start and arrive as was recorded: arrival j = 1, 2, ... at second j, trained from a version that was reached at an earlier one.
/// Clients can be started in just the seconds in which they were, and take just as long as they did. A client that was recorded in training twice at a time is
/// two clients of equal data.
/// </summary>
internal sealed class Replay
{
    private readonly Dictionary<(string Id, double Start), double> _seconds = [];

    public Replay(JsonArray arrivals)
    {
        // The second at which each version was reached.
        var reached = new Dictionary<int, int> { [0] = 0 };
        foreach (var (index, arrival) in arrivals.Index()) reached.TryAdd((int)arrival!["version_after"]!, index + 1);
        var clients = new SortedDictionary<string, (ClientDataset Client, List<int> Starts, int Until)>(StringComparer.Ordinal);
        foreach (var (index, arrival) in arrivals.Index())
        {
            var client = GoldenProblems.Clients[(int)arrival!["client"]!];
            int start = reached[(int)arrival["trained_from_version"]!];
            string id = client.ClientId;
            while (clients.TryGetValue(id, out var busy) && start < busy.Until) id += "'";
            List<int> starts = [.. clients.TryGetValue(id, out var before) ? before.Starts : [], start];
            clients[id] = (client with { ClientId = id }, starts, index + 1);
            _seconds.Add((id, start), index + 1 - start);
        }

        Clients = [.. clients.Values.Select(entry => entry.Client)];
        var trace = new AvailabilityTrace(
            arrivals.Count + 1, [.. clients.Values.Select(entry => entry.Starts.Select(start => (start, start + 1)).ToImmutableArray())]);
        Clock = new VirtualClock
        {
            Speed = new RecordedSpeed(this),
            Concurrency = arrivals.Count,
            Availability = new ClientAvailability([.. clients.Keys], trace, slotSeconds: 1),
        };
    }

    public ClientDataset[] Clients { get; }

    public VirtualClock Clock { get; }

    private sealed record RecordedSpeed(Replay Recorded) : ClientSpeed
    {
        public override double Seconds(ClientStart start) => Recorded._seconds[(start.Client.ClientId, start.Time)];
    }
}
