using System.Runtime.CompilerServices;
using FedPure.Data.Pipeline;
using FedPure.Data.Random;

namespace FedPure.Data;

/// <summary>
/// Reads clients batch by batch through their pipelines. One reader serves one thread; its buffers grow to the largest batch it has met and are used again, so
/// that reading allocates nothing once they have.
/// </summary>
public sealed class BatchReader
{
    private readonly OrderReader _order = new();
    private ClientDataset? _client;
    private int[] _rows = [];
    private int[] _labels = [];
    private float[] _features = [], _targets = [];
    private RandomKey _key;
    private int _batchSize, _count, _batches;
    private bool _dropRemainder, _gathered, _prefetching;
    private BatchPrefetcher? _prefetcher;

    /// <summary>Starts on a client from its first batch.</summary>
    /// <param name="client">The client.</param>
    /// <param name="key">Of the random numbers of the work on its batches; batch i has the key folded with i. Not needed where nothing is drawn.</param>
    /// <exception cref="InvalidOperationException">The client's pipeline has no batch stage.</exception>
    public void Begin(ClientDataset client, RandomKey key = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        _batchSize = client.Pipeline.BatchSize
            ?? throw new InvalidOperationException($"Client '{client.ClientId}' is not batched: give it a pipeline that ends with .Batch(size).");
        _dropRemainder = client.Pipeline.DropRemainder;
        _client = client.InMemory();
        _key = key;
        _batches = 0;
        _prefetching = client.Pipeline.PrefetchedBatches > 0;
        if (_prefetching) (_prefetcher ??= new BatchPrefetcher()).Begin(_client, key);
        else _order.Begin(client.Pipeline, client.Count, _client);
    }

    /// <summary>The next batch, or false after the last.</summary>
    /// <exception cref="InvalidOperationException">No client was begun.</exception>
    public bool Read(out Batch batch)
    {
        var client = _client ?? throw new InvalidOperationException("Call Begin before Read.");
        if (_prefetching) return _prefetcher!.Read(out batch);
        if (_rows.Length < _batchSize) Array.Resize(ref _rows, Math.Min(_batchSize, Math.Max(16, 2 * _rows.Length)));
        int count = _order.Read(_rows.AsSpan(0, Math.Min(_rows.Length, _batchSize)));
        while (count == _rows.Length && count < _batchSize)
        {
            Array.Resize(ref _rows, Math.Min(_batchSize, 2 * _rows.Length));
            count += _order.Read(_rows.AsSpan(count));
        }

        if (count == 0 || (count < _batchSize && _dropRemainder))
        {
            batch = default;
            return false;
        }

        var rows = _rows.AsSpan(0, count);
        client.Rows.Map(rows);
        var batchKey = _key == default ? default : _key.Fold((ulong)_batches++);
        batch = !client.Pipeline.Maps.IsEmpty
            ? Mapped(client, rows, batchKey) : IsRange(rows) ? View(client.Examples, rows[0], count, batchKey) : Listed(client.Examples, rows, batchKey);
        return true;
    }

    /// <summary>The features of the batch read last, gathered once.</summary>
    internal ReadOnlySpan<float> Gathered()
    {
        var examples = _client!.Examples;
        if (!_gathered) Gather(examples.Features.Span, examples.FeatureCount, _rows.AsSpan(0, _count), ref _features);
        _gathered = true;
        return _features.AsSpan(0, _count * examples.FeatureCount);
    }

    // AggressiveOptimization: while the JIT counts branches in a loop, threads fight over the counters, and two are slower than one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsRange(ReadOnlySpan<int> rows)
    {
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i] != rows[0] + i) return false;
        }

        return true;
    }

    private static Batch View(ExampleTable examples, int start, int count, RandomKey key) => new(
        Rows(examples.Features.Span, start, count, examples.FeatureCount),
        [],
        examples.TargetCount == 0 ? examples.Labels.Span.Slice(start, count) : [],
        Rows(examples.Targets.Span, start, count, examples.TargetCount),
        count,
        null)
    { Key = key };

    private Batch Mapped(ClientDataset client, ReadOnlySpan<int> rows, RandomKey key)
    {
        var listed = Listed(client.Examples, rows, key);
        Gathered();
        int width = client.Examples.FeatureCount;
        var features = _features.AsSpan(0, rows.Length * width);
        var labels = _labels.AsSpan(0, listed.Labels.Length);
        int none = 0;
        foreach (var map in client.Pipeline.Maps)
        {
            for (int i = 0; i < rows.Length; i++) map(features.Slice(i * width, width), ref labels.IsEmpty ? ref none : ref labels[i]);
        }

        return new Batch(features, [], listed.Labels, listed.Targets, rows.Length, null) { Key = key };
    }

    private Batch Listed(ExampleTable examples, ReadOnlySpan<int> rows, RandomKey key)
    {
        _count = rows.Length;
        _gathered = false;
        if (examples.TargetCount > 0)
        {
            var targets = Gather(examples.Targets.Span, examples.TargetCount, rows, ref _targets);
            return new Batch(examples.Features.Span, rows, [], targets, rows.Length, this) { Key = key };
        }

        if (_labels.Length < rows.Length) _labels = new int[rows.Length];
        var labels = examples.Labels.Span;
        for (int i = 0; i < rows.Length; i++) _labels[i] = labels[rows[i]];
        return new Batch(examples.Features.Span, rows, _labels.AsSpan(0, rows.Length), [], rows.Length, this) { Key = key };
    }

    private static ReadOnlySpan<float> Rows(ReadOnlySpan<float> table, int start, int count, int width) => table.Slice(start * width, count * width);

    // The listed rows of a table [any×width] side by side in a buffer that grows as needed.
    private static ReadOnlySpan<float> Gather(ReadOnlySpan<float> table, int width, ReadOnlySpan<int> rows, ref float[] buffer)
    {
        int length = rows.Length * width;
        if (buffer.Length < length) buffer = new float[length];
        for (int i = 0; i < rows.Length; i++) table.Slice(rows[i] * width, width).CopyTo(buffer.AsSpan(i * width));
        return buffer.AsSpan(0, length);
    }
}
