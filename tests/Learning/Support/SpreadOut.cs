using FedPure.Data;

namespace FedPure.Learning;

/// <summary>
/// Clients of a round that no worker can have all of: the first to be read waits until another thread reads one too. Small clients are otherwise done by one
/// thread before a second has begun, and what is lost between workers does not show.
/// </summary>
internal sealed class SpreadOut
{
    // Far beyond what a thread takes to start: only a round on one thread waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HashSet<int> _threads = [];

    private SpreadOut()
    {
    }

    /// <summary>The clients, for one round with at least two threads.</summary>
    public static ClientDataset[] Over(int threads, ClientDataset[] clients)
    {
        if (threads == 1) return clients;
        var gate = new SpreadOut();
        return [.. clients.Select(client => new ClientDataset(client.ClientId, client.Count, client.FeatureCount, () => gate.Read(client), client.TargetCount) { Pipeline = client.Pipeline })];
    }

    private ExampleTable Read(ClientDataset client)
    {
        lock (_threads)
        {
            _threads.Add(Environment.CurrentManagedThreadId);
            Monitor.PulseAll(_threads);
            while (_threads.Count < 2)
            {
                if (!Monitor.Wait(_threads, Patience)) throw new InvalidOperationException("One thread has the round to itself.");
            }
        }

        return client.Examples;
    }
}
