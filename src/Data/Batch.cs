using FedPure.Data.Random;

namespace FedPure.Data;

/// <summary>
/// A view of one batch, valid until the next is read: features [Rows×FeatureCount] row-major, with labels [Rows] or targets [Rows×TargetCount]. A shuffled
/// batch is a list of rows of the client's table; kernels that take such a list read it in place through <see cref="Table"/> and <see cref="TableRows"/>,
/// others ask for <see cref="Features"/>.
/// </summary>
public readonly ref struct Batch
{
    private readonly BatchReader? _reader;

    /// <summary>Views of a batch's features [rows×FeatureCount] and labels [rows].</summary>
    /// <exception cref="ArgumentException">The features are no whole number of rows for the labels.</exception>
    public Batch(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
        : this(features, labels, [], labels.Length)
    {
    }

    /// <summary>Views of a batch's features [rows×FeatureCount] and targets [rows×targetCount].</summary>
    /// <exception cref="ArgumentException">The lengths are no whole number of rows, or not the same number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">targetCount is not positive.</exception>
    public Batch(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, int targetCount)
        : this(features, [], targets, Whole(targets.Length, targetCount))
    {
    }

    internal Batch(ReadOnlySpan<float> table, ReadOnlySpan<int> tableRows, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets, int rows, BatchReader? reader)
    {
        Table = table;
        TableRows = tableRows;
        Labels = labels;
        Targets = targets;
        Rows = rows;
        _reader = reader;
    }

    private Batch(ReadOnlySpan<float> features, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets, int rows)
        : this(features, [], labels, targets, rows, null)
    {
        if (rows == 0 ? !features.IsEmpty : features.Length % rows != 0)
            throw new ArgumentException($"{features.Length} features are no whole number of features for each of {rows} examples.", nameof(features));
    }

    /// <summary>Features [Rows×FeatureCount] side by side; a shuffled batch is gathered when they are first asked for.</summary>
    public ReadOnlySpan<float> Features => _reader is null ? Table : _reader.Gathered();

    /// <summary>Where the features lie: the batch itself if <see cref="TableRows"/> is empty, else a table of any number of rows.</summary>
    public ReadOnlySpan<float> Table { get; }

    /// <summary>The batch's rows of <see cref="Table"/>; empty if the table is the batch.</summary>
    public ReadOnlySpan<int> TableRows { get; }

    /// <summary>[Rows] class numbers; empty if the examples have targets.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>[Rows×TargetCount] float32; empty if the examples have labels.</summary>
    public ReadOnlySpan<float> Targets { get; }

    /// <summary>Number of examples.</summary>
    public int Rows { get; }

    /// <summary>
    /// The key of what training draws at random for this batch, such as dropout's masks: a function of the key that the reader was given and the batch's
    /// number, so that it depends on neither threads nor other clients.
    /// </summary>
    public RandomKey Key { get; init; }

    private static int Whole(int targets, int targetCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetCount);
        return targets % targetCount == 0 ? targets / targetCount
            : throw new ArgumentException($"{targets} targets are no whole number of examples with {targetCount} each.", nameof(targetCount));
    }
}
