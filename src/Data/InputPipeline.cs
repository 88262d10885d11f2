using System.Collections.Immutable;
using FedPure.Data.Pipeline;

namespace FedPure.Data;

/// <summary>
/// How a client's examples become batches, in the element order of tf.data: stages act in the order in which they are called, as there.
/// <c>InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20)</c> is the preprocessing of TensorFlow Federated's image classification tutorial.
/// A pipeline is a value: read twice, it gives the same order twice, as a dataset does that is handed to a TensorFlow Federated computation.
/// </summary>
public sealed class InputPipeline
{
    private InputPipeline(
        ImmutableArray<OrderStage> stages, ImmutableArray<ExampleMap> maps, int? batchSize = null, bool dropRemainder = false, int prefetchedBatches = 0)
    {
        Stages = stages;
        Maps = maps;
        BatchSize = batchSize;
        DropRemainder = dropRemainder;
        PrefetchedBatches = prefetchedBatches;
    }

    /// <summary>The examples once, in their own order, unbatched: where every pipeline starts.</summary>
    public static InputPipeline Examples { get; } = new([], []);

    /// <summary>Examples in a batch; null before <see cref="Batch"/>.</summary>
    public int? BatchSize { get; }

    /// <summary>Whether a last batch with fewer examples is left out.</summary>
    public bool DropRemainder { get; }

    /// <summary>Batches made ahead of the reader; 0 for none.</summary>
    public int PrefetchedBatches { get; }

    internal ImmutableArray<OrderStage> Stages { get; }

    internal ImmutableArray<ExampleMap> Maps { get; }

    /// <summary>All of what comes before, <paramref name="count"/> times over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public InputPipeline Repeat(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return With(new RepeatStage(count));
    }

    /// <summary>
    /// Shuffles through a buffer: it is kept filled with the next <paramref name="bufferSize"/> elements, and each element out is drawn from it. A buffer of 1
    /// changes nothing.
    /// </summary>
    /// <param name="bufferSize">Elements held; at least 1.</param>
    /// <param name="seed">Taken modulo 2^31 - 1, as Python's TensorFlow does.</param>
    /// <param name="reshuffleEachIteration">Whether each pass, such as each of a repeat that follows, has an order of its own.</param>
    /// <param name="globalSeed">What tf.random.set_seed was given, if it was.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer size is not positive.</exception>
    public InputPipeline Shuffle(int bufferSize, long seed, bool reshuffleEachIteration = true, long? globalSeed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bufferSize);
        return With(ShuffleStage.Create(bufferSize, seed, reshuffleEachIteration, globalSeed));
    }

    /// <summary>The first <paramref name="count"/> examples of what comes before, or all where there are fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public InputPipeline Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return With(new WindowStage(0, count));
    }

    /// <summary>All but the first <paramref name="count"/> examples of what comes before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public InputPipeline Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return With(new WindowStage(count, int.MaxValue));
    }

    /// <summary>The examples for which <paramref name="keep"/> holds; it sees what the maps before it have made.</summary>
    public InputPipeline Filter(ExamplePredicate keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        return With(new FilterStage(keep, Maps));
    }

    /// <summary>
    /// Every example changed by <paramref name="map"/>, in its shape; it may be called by any thread, and again for each time that an example is read.
    /// </summary>
    public InputPipeline Map(ExampleMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        RequireUnbatched();
        return new InputPipeline(Stages, Maps.Add(map));
    }

    /// <summary>
    /// Groups <paramref name="size"/> consecutive examples into a batch; the last one may be smaller unless <paramref name="dropRemainder"/> is set. Only
    /// Prefetch can follow.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    /// <exception cref="InvalidOperationException">The pipeline is batched already.</exception>
    public InputPipeline Batch(int size, bool dropRemainder = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        RequireUnbatched();
        return new InputPipeline(Stages, Maps, size, dropRemainder);
    }

    /// <summary>
    /// Makes up to <paramref name="batches"/> batches ahead on a thread of the pool while the reader is busy: the same batches in the same order, for as much
    /// memory. Worth it where maps and filters are slow.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of batches is not positive.</exception>
    /// <exception cref="InvalidOperationException">The pipeline is not batched yet.</exception>
    public InputPipeline Prefetch(int batches)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batches);
        if (BatchSize is null) throw new InvalidOperationException("Prefetch makes batches ahead: it comes after Batch.");
        return new InputPipeline(Stages, Maps, BatchSize, DropRemainder, batches);
    }

    /// <summary>
    /// The positions, 0 to <paramref name="exampleCount"/> - 1, in the order in which examples come out; batches cut this order into pieces.
    /// </summary>
    /// <param name="exampleCount">Number of the client's examples.</param>
    /// <param name="pass">
    /// 0 for what a learning process reads; 1, 2, ... for the orders that a second, third, ... loop over one tf.data object would see.
    /// </param>
    /// <exception cref="InvalidOperationException">The pipeline has a filter, which looks at examples.</exception>
    public int[] Order(int exampleCount, int pass = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exampleCount);
        return Order(exampleCount, null, pass);
    }

    /// <summary>As for a number of examples, with filters that look at this client's; its own pipeline does not matter.</summary>
    public int[] Order(ClientDataset client, int pass = 0)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Order(client.Count, client, pass);
    }

    /// <summary>
    /// How many of <paramref name="exampleCount"/> examples come out, repetitions included, without looking at any: filters count as if they kept all. A
    /// remainder that is left out is not counted.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public long CountExamples(int exampleCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exampleCount);
        long count = Stages.Aggregate((long)exampleCount, (count, stage) => stage.Count(count));
        return DropRemainder ? count - count % BatchSize!.Value : count;
    }

    internal InputPipeline WithoutPrefetch() => PrefetchedBatches == 0 ? this : new InputPipeline(Stages, Maps, BatchSize, DropRemainder);

    private int[] Order(int exampleCount, ClientDataset? client, int pass)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pass);
        var reader = new OrderReader();
        reader.Begin(this, exampleCount, client);
        var order = ReadAll(reader);
        for (; pass > 0; pass--)
        {
            reader.BeginNextPass();
            order = ReadAll(reader);
        }

        return order;
    }

    private static int[] ReadAll(OrderReader reader)
    {
        var all = new List<int>();
        var chunk = new int[256];
        for (int count; (count = reader.Read(chunk)) > 0;) all.AddRange(chunk.AsSpan(0, count));
        return [.. all];
    }

    private InputPipeline With(OrderStage stage)
    {
        RequireUnbatched();
        return new InputPipeline(Stages.Add(stage), Maps);
    }

    private void RequireUnbatched()
    {
        if (BatchSize is not null) throw new InvalidOperationException("Batch comes after all other stages but Prefetch.");
    }
}
