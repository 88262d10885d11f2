namespace FedPure.Data;

/// <summary>
/// A view of one batch, valid until the next is read: features [Rows×FeatureCount] row-major, labels [Rows]. A shuffled batch is a list of rows of the client's
/// table; kernels that take such a list read it in place through <see cref="Table"/> and <see cref="TableRows"/>, others ask for <see cref="Features"/>.
/// </summary>
public readonly ref struct Batch
{
    private readonly BatchReader? _reader;

    /// <summary>Views of a batch's features [rows×FeatureCount] and labels [rows].</summary>
    /// <exception cref="ArgumentException">The features are no whole number of rows for the labels.</exception>
    public Batch(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty ? !features.IsEmpty : features.Length % labels.Length != 0)
            throw new ArgumentException($"{features.Length} features are no whole number of features for each of {labels.Length} labels.", nameof(features));
        Table = features;
        Labels = labels;
    }

    internal Batch(ReadOnlySpan<float> table, ReadOnlySpan<int> tableRows, ReadOnlySpan<int> labels, BatchReader reader)
    {
        Table = table;
        TableRows = tableRows;
        Labels = labels;
        _reader = reader;
    }

    /// <summary>Features [Rows×FeatureCount] side by side; a shuffled batch is gathered when they are first asked for.</summary>
    public ReadOnlySpan<float> Features => _reader is null ? Table : _reader.Gathered();

    /// <summary>Where the features lie: the batch itself if <see cref="TableRows"/> is empty, else a table of any number of rows.</summary>
    public ReadOnlySpan<float> Table { get; }

    /// <summary>The batch's rows of <see cref="Table"/>; empty if the table is the batch.</summary>
    public ReadOnlySpan<int> TableRows { get; }

    /// <summary>[Rows].</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>Number of examples.</summary>
    public int Rows => Labels.Length;
}
