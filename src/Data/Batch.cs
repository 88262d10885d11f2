namespace FedPure.Data;

/// <summary>A view of one batch, valid until the next is read: features [Rows×FeatureCount] row-major, labels [Rows].</summary>
public readonly ref struct Batch
{
    /// <summary>Views of a batch's features and labels.</summary>
    /// <exception cref="ArgumentException">The features are no whole number of rows for the labels.</exception>
    public Batch(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty ? !features.IsEmpty : features.Length % labels.Length != 0)
            throw new ArgumentException($"{features.Length} features are no whole number of features for each of {labels.Length} labels.", nameof(features));
        Features = features;
        Labels = labels;
    }

    /// <summary>[Rows×FeatureCount].</summary>
    public ReadOnlySpan<float> Features { get; }

    /// <summary>[Rows].</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>Number of examples.</summary>
    public int Rows => Labels.Length;
}
