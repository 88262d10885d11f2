namespace FedPure.Data.Pipeline;

/// <summary>A stage of an <see cref="InputPipeline"/> as a value; <see cref="CreateCursor"/> makes what runs it.</summary>
internal abstract record OrderStage
{
    public abstract OrderCursor CreateCursor(OrderCursor source);
}

internal sealed record RepeatStage(int Count) : OrderStage
{
    public override OrderCursor CreateCursor(OrderCursor source) => new RepeatCursor(source, Count);
}

internal sealed record ShuffleStage(int BufferSize, long Seed) : OrderStage
{
    public override OrderCursor CreateCursor(OrderCursor source) => new ShuffleCursor(source, BufferSize, Seed);
}
