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
    private InputPipeline(ImmutableArray<OrderStage> stages, int? batchSize = null, bool dropRemainder = false)
    {
        Stages = stages;
        BatchSize = batchSize;
        DropRemainder = dropRemainder;
    }

    /// <summary>The examples once, in their own order, unbatched: where every pipeline starts.</summary>
    public static InputPipeline Examples { get; } = new([]);

    /// <summary>Examples in a batch; null before <see cref="Batch"/>.</summary>
    public int? BatchSize { get; }

    /// <summary>Whether a last batch with fewer examples is left out.</summary>
    public bool DropRemainder { get; }

    internal ImmutableArray<OrderStage> Stages { get; }

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
    /// <exception cref="ArgumentOutOfRangeException">The buffer size is not positive.</exception>
    public InputPipeline Shuffle(int bufferSize, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bufferSize);
        return With(new ShuffleStage(bufferSize, seed));
    }

    /// <summary>Groups <paramref name="size"/> consecutive examples into a batch; the last one may be smaller unless <paramref name="dropRemainder"/> is set. The last stage.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    /// <exception cref="InvalidOperationException">The pipeline is batched already.</exception>
    public InputPipeline Batch(int size, bool dropRemainder = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        RequireUnbatched();
        return new InputPipeline(Stages, size, dropRemainder);
    }

    /// <summary>
    /// The positions, 0 to <paramref name="exampleCount"/> - 1, in the order in which examples come out; batches cut this order into pieces.
    /// </summary>
    /// <param name="exampleCount">Number of the client's examples.</param>
    /// <param name="pass">0 for what a learning process reads; 1, 2, ... for the orders that a second, third, ... loop over one tf.data object would see.</param>
    public int[] Order(int exampleCount, int pass = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exampleCount);
        ArgumentOutOfRangeException.ThrowIfNegative(pass);
        var reader = new OrderReader();
        reader.Begin(this, exampleCount);
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
        return new InputPipeline(Stages.Add(stage));
    }

    private void RequireUnbatched()
    {
        if (BatchSize is not null) throw new InvalidOperationException("Batch is the last stage: repeat and shuffle come before it.");
    }
}
