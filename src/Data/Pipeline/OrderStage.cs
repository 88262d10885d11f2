using System.Collections.Immutable;

namespace FedPure.Data.Pipeline;

/// <summary>A stage of an <see cref="InputPipeline"/> as a value; <see cref="CreateCursor"/> makes what runs it.</summary>
internal abstract record OrderStage
{
    public abstract OrderCursor CreateCursor(OrderCursor source);

    /// <summary>How many examples come out of so many; a filter counts as if it kept all.</summary>
    public virtual long Count(long count) => count;
}

internal sealed record RepeatStage(int Times) : OrderStage
{
    public override OrderCursor CreateCursor(OrderCursor source) => new RepeatCursor(source, Times);

    public override long Count(long count) => checked(Times * count);
}

internal sealed record ShuffleStage(int BufferSize, ulong GraphSeed, ulong OperationSeed, bool ReshuffleEachIteration) : OrderStage
{
    // TensorFlow's stand-in for a global seed that was never set.
    private const ulong DefaultGraphSeed = 87654321;

    private const long PythonSeedModulus = int.MaxValue;

    /// <summary>The pair of seeds that TensorFlow makes of what Python is given: both modulo 2^31 - 1, and (0, 2^31 - 1) for (0, 0).</summary>
    public static ShuffleStage Create(int bufferSize, long seed, bool reshuffleEachIteration, long? globalSeed)
    {
        ulong graph = globalSeed is { } set ? Reduce(set) : DefaultGraphSeed, operation = Reduce(seed);
        return new ShuffleStage(bufferSize, graph, graph == 0 && operation == 0 ? (ulong)PythonSeedModulus : operation, reshuffleEachIteration);
    }

    public override OrderCursor CreateCursor(OrderCursor source) => new ShuffleCursor(source, BufferSize, GraphSeed, OperationSeed, ReshuffleEachIteration);

    private static ulong Reduce(long seed) => (ulong)((seed % PythonSeedModulus + PythonSeedModulus) % PythonSeedModulus);
}

internal sealed record WindowStage(int Skip, int Take) : OrderStage
{
    public override OrderCursor CreateCursor(OrderCursor source) => new WindowCursor(source, Skip, Take);

    public override long Count(long count) => Math.Clamp(count - Skip, 0, Take);
}

/// <summary>A filter, and the maps before it, whose results it looks at.</summary>
internal sealed record FilterStage(ExamplePredicate Keep, ImmutableArray<ExampleMap> Maps) : OrderStage
{
    public override OrderCursor CreateCursor(OrderCursor source) => new FilterCursor(source, Keep, Maps);
}
