using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using FedPure.Data;

namespace FedPure.Learning.Processes;

/// <summary>
/// Spreads clients over workers. A worker is memory for one thread at a time; workers are kept for later rounds, so that these allocate none of it again. They
/// hold no state: every round starts by clearing what it adds to.
/// </summary>
internal sealed class WorkerPool<TWorker>(int threads, Func<TWorker> create)
{
    private readonly ConcurrentBag<TWorker> _idle = [];
    private readonly int _threads = threads >= 1
        ? threads : throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one client is served at a time.");

    /// <summary>
    /// Runs <paramref name="work"/> for each client on some worker, the largest clients first, and returns the workers used to <paramref name="finish"/>.
    /// </summary>
    public TResult Run<TResult>(
        IReadOnlyList<ClientDataset> clients, Action<TWorker> begin, Action<TWorker, int> work, Func<TWorker[], TResult> finish,
        CancellationToken cancellationToken)
    {
        var workers = new TWorker[Math.Max(1, Math.Min(_threads, clients.Count))];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = _idle.TryTake(out var idle) ? idle : create();
            begin(workers[i]);
        }

        // A large client begun last would leave the other threads idle at the end.
        var order = Enumerable.Range(0, clients.Count).ToArray();
        Array.Sort(order, (x, y) => clients[y].Count != clients[x].Count ? clients[y].Count.CompareTo(clients[x].Count) : x.CompareTo(y));
        var failures = new ConcurrentBag<(int Client, Exception Exception)>();
        int taken = 0;

        void Serve(TWorker worker)
        {
            for (int next; failures.IsEmpty && (next = Interlocked.Increment(ref taken) - 1) < order.Length;)
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    work(worker, order[next]);
                }
                catch (Exception e)
                {
                    failures.Add((order[next], e));
                }
            }
        }

        if (workers.Length == 1) Serve(workers[0]);
        else Parallel.For(0, workers.Length, new ParallelOptions { MaxDegreeOfParallelism = workers.Length }, i => Serve(workers[i]));

        if (!failures.IsEmpty) Throw(failures.MinBy(failure => failure.Client), clients);
        var result = finish(workers);
        foreach (var worker in workers) _idle.Add(worker);
        return result;
    }

    private static void Throw((int Client, Exception Exception) failure, IReadOnlyList<ClientDataset> clients)
    {
        if (failure.Exception is OperationCanceledException) ExceptionDispatchInfo.Throw(failure.Exception);
        throw new ClientFailedException(clients[failure.Client].ClientId, failure.Exception);
    }
}
