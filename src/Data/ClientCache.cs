namespace FedPure.Data;

/// <summary>
/// Keeps the clients read last, up to a number of bytes; the one used longest ago goes first. A client that is in use when it goes stays with its user. Safe
/// for several threads.
/// </summary>
/// <param name="capacity">Bytes of features, labels and targets; 0 keeps nothing.</param>
public sealed class ClientCache(long capacity = ClientCache.DefaultCapacity)
{
    /// <summary>256 MiB: some 80,000 images of 28×28.</summary>
    public const long DefaultCapacity = 256L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<(object Dataset, string ClientId), LinkedListNode<Entry>> _entries = [];

    // The most recently used first.
    private readonly LinkedList<Entry> _uses = new();
    private long _size;

    /// <summary>Bytes kept at this moment.</summary>
    public long Size
    {
        get
        {
            lock (_gate) return _size;
        }
    }

    internal ExampleTable GetOrRead(object dataset, string clientId, Func<ExampleTable> read)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((dataset, clientId), out var node))
            {
                _uses.Remove(node);
                _uses.AddFirst(node);
                return node.Value.Examples;
            }
        }

        // Outside the lock, so that threads read different clients at the same time; two that read the same one do it twice.
        var examples = read();
        Add((dataset, clientId), examples);
        return examples;
    }

    private void Add((object Dataset, string ClientId) key, ExampleTable examples)
    {
        long size = 4L * (examples.Features.Length + examples.Labels.Length + examples.Targets.Length);
        if (size > capacity) return;
        lock (_gate)
        {
            if (_entries.ContainsKey(key)) return;
            _entries.Add(key, _uses.AddFirst(new Entry(key, examples, size)));
            _size += size;
            while (_size > capacity)
            {
                var last = _uses.Last!;
                _uses.RemoveLast();
                _entries.Remove(last.Value.Key);
                _size -= last.Value.Size;
            }
        }
    }

    private sealed record Entry((object Dataset, string ClientId) Key, ExampleTable Examples, long Size);
}
