using System.Collections.Immutable;

namespace FedPure.Data.Pipeline;

/// <summary>
/// A running stage: it yields positions of examples. tf.data tells a dataset from its iterators, and so does this: <see cref="Begin"/> makes the dataset anew,
/// <see cref="BeginPass"/> a new iterator over it.
/// </summary>
internal abstract class OrderCursor
{
    /// <summary>
    /// Whether every pass yields the same positions. Where passes differ, starting one earlier than asked for, by reading ahead, would change the passes after
    /// it.
    /// </summary>
    public abstract bool IsAlikeEachPass { get; }

    /// <summary>
    /// Starts over as a new dataset of <paramref name="exampleCount"/> examples, those of <paramref name="client"/> where stages look at them; a pass must be
    /// begun before reading.
    /// </summary>
    public abstract void Begin(int exampleCount, ClientDataset? client);

    /// <summary>Starts the next pass over the same dataset.</summary>
    public abstract void BeginPass();

    /// <summary>Fills <paramref name="destination"/> with the next positions; fewer than asked for only at the end.</summary>
    public abstract int Read(Span<int> destination);
}

/// <summary>The source: 0, 1, ..., exampleCount - 1.</summary>
internal sealed class RangeCursor : OrderCursor
{
    private int _count, _next;

    public override bool IsAlikeEachPass => true;

    public override void Begin(int exampleCount, ClientDataset? client) => _count = exampleCount;

    public override void BeginPass() => _next = 0;

    public override int Read(Span<int> destination)
    {
        int count = Math.Min(destination.Length, _count - _next);
        for (int i = 0; i < count; i++) destination[i] = _next++;
        return count;
    }
}

/// <summary>Every pass reads the source count times over, each time by a pass of its own.</summary>
internal sealed class RepeatCursor(OrderCursor source, int count) : OrderCursor
{
    private int _left;

    public override bool IsAlikeEachPass => source.IsAlikeEachPass;

    public override void Begin(int exampleCount, ClientDataset? client) => source.Begin(exampleCount, client);

    public override void BeginPass()
    {
        source.BeginPass();
        _left = count - 1;
    }

    public override int Read(Span<int> destination)
    {
        int read = source.Read(destination);
        while (read < destination.Length && _left > 0)
        {
            _left--;
            source.BeginPass();
            read += source.Read(destination[read..]);
        }

        return read;
    }
}

/// <summary>Leaves the first <paramref name="skip"/> elements of each pass out, then yields <paramref name="take"/> at most.</summary>
internal sealed class WindowCursor(OrderCursor source, int skip, int take) : OrderCursor
{
    private readonly int[] _skipped = new int[Math.Min(skip, 64)];
    private int _toSkip, _left;

    public override bool IsAlikeEachPass => source.IsAlikeEachPass;

    public override void Begin(int exampleCount, ClientDataset? client) => source.Begin(exampleCount, client);

    public override void BeginPass()
    {
        source.BeginPass();
        (_toSkip, _left) = (skip, take);
    }

    public override int Read(Span<int> destination)
    {
        while (_toSkip > 0)
        {
            int count = Math.Min(_toSkip, _skipped.Length);
            _toSkip = source.Read(_skipped.AsSpan(0, count)) < count ? 0 : _toSkip - count;
        }

        int read = source.Read(destination[..Math.Min(destination.Length, _left)]);
        _left -= read;
        return read;
    }
}

/// <summary>Yields the elements for which the predicate holds.</summary>
internal sealed class FilterCursor(OrderCursor source, ExamplePredicate keep, ImmutableArray<ExampleMap> maps) : OrderCursor
{
    private ClientDataset? _client;
    private float[] _mapped = [];

    public override bool IsAlikeEachPass => source.IsAlikeEachPass;

    public override void Begin(int exampleCount, ClientDataset? client)
    {
        if (client is null)
            throw new InvalidOperationException("A pipeline with a filter looks at the examples: ask for the order of a client, not of a number of examples.");
        _client = client.InMemory();
        source.Begin(exampleCount, client);
    }

    public override void BeginPass() => source.BeginPass();

    public override int Read(Span<int> destination)
    {
        int kept = 0;
        while (kept < destination.Length)
        {
            var candidates = destination[kept..];
            int read = source.Read(candidates);
            for (int i = 0; i < read; i++)
            {
                if (Keeps(candidates[i])) destination[kept++] = candidates[i];
            }

            if (read < candidates.Length) break;
        }

        return kept;
    }

    private bool Keeps(int position)
    {
        int label = _client!.Examples.TargetCount > 0 ? 0 : _client.Label(position);
        var features = _client.Features(position);
        if (maps.IsEmpty) return keep(features, label);
        if (_mapped.Length < features.Length) _mapped = new float[features.Length];
        var mapped = _mapped.AsSpan(0, features.Length);
        features.CopyTo(mapped);
        foreach (var map in maps) map(mapped, ref label);
        return keep(mapped, label);
    }
}
