using FedPure.Data.Pipeline;

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
    private float[] _features = [];
    private int _batchSize, _count;
    private bool _dropRemainder, _gathered, _prefetching;
    private BatchPrefetcher? _prefetcher;

    /// <summary>Starts on a client from its first batch.</summary>
    /// <exception cref="InvalidOperationException">The client's pipeline has no batch stage.</exception>
    public void Begin(ClientDataset client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _batchSize = client.Pipeline.BatchSize
            ?? throw new InvalidOperationException($"Client '{client.ClientId}' is not batched: give it a pipeline that ends with .Batch(size).");
        _dropRemainder = client.Pipeline.DropRemainder;
        _client = client;
        _prefetching = client.Pipeline.PrefetchedBatches > 0;
        if (_prefetching) (_prefetcher ??= new BatchPrefetcher()).Begin(client);
        else _order.Begin(client.Pipeline, client.Count, client);
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
        batch = !client.Pipeline.Maps.IsEmpty ? Mapped(client, rows) : IsRange(rows) ? View(client.Examples, rows[0], count) : Listed(client.Examples, rows);
        return true;
    }

    /// <summary>The features of the batch read last, gathered once.</summary>
    internal ReadOnlySpan<float> Gathered()
    {
        var examples = _client!.Examples;
        int width = examples.FeatureCount;
        if (!_gathered)
        {
            if (_features.Length < _count * width) _features = new float[_count * width];
            var table = examples.Features.Span;
            for (int i = 0; i < _count; i++) table.Slice(_rows[i] * width, width).CopyTo(_features.AsSpan(i * width));
            _gathered = true;
        }

        return _features.AsSpan(0, _count * width);
    }

    private static bool IsRange(ReadOnlySpan<int> rows)
    {
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i] != rows[0] + i) return false;
        }

        return true;
    }

    private static Batch View(ExampleTable examples, int start, int count) =>
        new(examples.Features.Span.Slice(start * examples.FeatureCount, count * examples.FeatureCount), examples.Labels.Span.Slice(start, count));

    private Batch Mapped(ClientDataset client, ReadOnlySpan<int> rows)
    {
        Listed(client.Examples, rows);
        Gathered();
        int width = client.Examples.FeatureCount;
        var features = _features.AsSpan(0, rows.Length * width);
        var labels = _labels.AsSpan(0, rows.Length);
        foreach (var map in client.Pipeline.Maps)
        {
            for (int i = 0; i < rows.Length; i++) map(features.Slice(i * width, width), ref labels[i]);
        }

        return new Batch(features, labels);
    }

    private Batch Listed(ExampleTable examples, ReadOnlySpan<int> rows)
    {
        if (_labels.Length < rows.Length) _labels = new int[rows.Length];
        var labels = examples.Labels.Span;
        for (int i = 0; i < rows.Length; i++) _labels[i] = labels[rows[i]];
        _count = rows.Length;
        _gathered = false;
        return new Batch(examples.Features.Span, rows, _labels.AsSpan(0, rows.Length), this);
    }
}
