namespace FedPure.Data.Pipeline;

/// <summary>
/// A running stage: it yields positions of examples. tf.data tells a dataset from its iterators, and so does this: <see cref="Begin"/> makes the dataset anew,
/// <see cref="BeginPass"/> a new iterator over it.
/// </summary>
internal abstract class OrderCursor
{
    /// <summary>Starts over as a new dataset of <paramref name="exampleCount"/> examples; a pass must be begun before reading.</summary>
    public abstract void Begin(int exampleCount);

    /// <summary>Starts the next pass over the same dataset.</summary>
    public abstract void BeginPass();

    /// <summary>Fills <paramref name="destination"/> with the next positions; fewer than asked for only at the end.</summary>
    public abstract int Read(Span<int> destination);
}

/// <summary>The source: 0, 1, ..., exampleCount - 1.</summary>
internal sealed class RangeCursor : OrderCursor
{
    private int _count, _next;

    public override void Begin(int exampleCount) => _count = exampleCount;

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

    public override void Begin(int exampleCount) => source.Begin(exampleCount);

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
