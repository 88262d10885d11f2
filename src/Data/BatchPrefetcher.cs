using System.Runtime.ExceptionServices;
using FedPure.Data.Random;

namespace FedPure.Data;

/// <summary>
/// Makes a client's batches ahead of their reader: a ring of copies that the thread pool fills. Nothing waits on the pool's side, so that a reader may be left
/// in the middle; and a reader that finds the ring empty before the pool has come to it makes the batch itself, so that a busy pool delays nobody.
/// </summary>
internal sealed class BatchPrefetcher
{
    // Waited on and pulsed; a System.Threading.Lock cannot be.
    private readonly object _gate = new();
    private readonly BatchReader _reader = new();
    private readonly Queue<Slot> _full = new();
    private readonly Stack<Slot> _free = new();
    private Slot? _current;
    private ExceptionDispatchInfo? _error;
    private Work _work;
    private int _ticket;
    private bool _ended, _stopping;

    // Whether the reader below is in use; a scheduled fill that finds its ticket outdated does nothing.
    private enum Work
    {
        None,
        Scheduled,
        Running,
    }

    /// <summary>Starts on a client from its first batch; a fill for the one before is waited for.</summary>
    public void Begin(ClientDataset client, RandomKey key)
    {
        StopFilling();
        (_current, _error, _ended) = (null, null, false);
        _full.Clear();
        _free.Clear();
        for (int i = 0; i <= client.Pipeline.PrefetchedBatches; i++) _free.Push(new Slot());
        _reader.Begin(client.Preprocess(client.Pipeline.WithoutPrefetch()), key);
        lock (_gate) Schedule();
    }

    /// <summary>The next batch, or false after the last; what a map or filter threw is thrown here.</summary>
    public bool Read(out Batch batch)
    {
        lock (_gate)
        {
            if (_current is not null) _free.Push(_current);
            _current = null;
        }

        while (true)
        {
            Slot own;
            lock (_gate)
            {
                if (_full.TryDequeue(out _current))
                {
                    if (_work == Work.None) Schedule();
                    batch = _current.View();
                    return true;
                }

                if (_ended)
                {
                    _error?.Throw();
                    batch = default;
                    return false;
                }

                if (_work == Work.Running)
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                (_work, own) = (Work.Running, _free.Pop());
                _ticket++;
            }

            FillOne(own, stop: true);
        }
    }

    // The caller holds the lock.
    private void Schedule()
    {
        if (_ended || _free.Count == 0) return;
        _work = Work.Scheduled;
        int ticket = ++_ticket;
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Self.Fill(state.Ticket), (Self: this, Ticket: ticket), preferLocal: false);
    }

    private void Fill(int ticket)
    {
        Slot slot;
        lock (_gate)
        {
            if (ticket != _ticket) return;
            (_work, slot) = (Work.Running, _free.Pop());
        }

        while (FillOne(slot, stop: false))
        {
            lock (_gate) slot = _free.Pop();
        }
    }

    /// <summary>Fills a slot; returns whether to go on, which it does while there is room and more to come.</summary>
    private bool FillOne(Slot slot, bool stop)
    {
        bool more = false;
        ExceptionDispatchInfo? error = null;
        try
        {
            more = _reader.Read(out var batch);
            if (more) slot.CopyFrom(batch);
        }
        catch (Exception e)
        {
            error = ExceptionDispatchInfo.Capture(e);
        }

        lock (_gate)
        {
            if (more) _full.Enqueue(slot);
            else (_ended, _error) = (true, error);
            bool goOn = more && !stop && !_stopping && _free.Count > 0;
            if (!goOn) _work = Work.None;
            Monitor.PulseAll(_gate);
            return goOn;
        }
    }

    // A fill that runs ends after the batch it is at; one that is only scheduled never starts.
    private void StopFilling()
    {
        lock (_gate)
        {
            _stopping = true;
            _ticket++;
            if (_work == Work.Scheduled) _work = Work.None;
            while (_work == Work.Running) Monitor.Wait(_gate);
            _stopping = false;
        }
    }

    /// <summary>A copy of a batch.</summary>
    private sealed class Slot
    {
        private float[] _features = [], _targets = [];
        private int[] _labels = [];
        private RandomKey _key;
        private int _rows, _featuresLength, _labelsLength, _targetsLength;

        public void CopyFrom(Batch batch)
        {
            (_rows, _key) = (batch.Rows, batch.Key);
            _featuresLength = Copy(batch.Features, ref _features);
            _labelsLength = Copy(batch.Labels, ref _labels);
            _targetsLength = Copy(batch.Targets, ref _targets);
        }

        public Batch View() => new(
            _features.AsSpan(0, _featuresLength), [], _labels.AsSpan(0, _labelsLength), _targets.AsSpan(0, _targetsLength), _rows, null)
        { Key = _key };

        private static int Copy<T>(ReadOnlySpan<T> source, ref T[] buffer)
        {
            if (buffer.Length < source.Length) buffer = new T[source.Length];
            source.CopyTo(buffer);
            return source.Length;
        }
    }
}
