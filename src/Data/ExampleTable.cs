using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>
/// Examples in two shared arrays: features [examples×FeatureCount], row-major float32, and one int32 label each. Clients are views of rows of a table, so any
/// number of them costs no copy.
/// </summary>
public sealed class ExampleTable
{
    /// <summary>Wraps the arrays without copying; the caller must not change them any more.</summary>
    /// <param name="features">[examples×featureCount] float32.</param>
    /// <param name="labels">[examples]; a class is a number from 0.</param>
    /// <param name="shape">The shape of one example, such as 28×28; its product is the feature count.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the shape, or a label is negative.</exception>
    public ExampleTable(ReadOnlyMemory<float> features, ReadOnlyMemory<int> labels, ImmutableArray<int> shape)
    {
        FeatureCount = Product(shape);
        if (features.Length != (long)labels.Length * FeatureCount)
        {
            throw new ArgumentException(
                $"{labels.Length} examples of shape {string.Join('×', shape)} need {(long)labels.Length * FeatureCount} features, but there are {features.Length}.", nameof(features));
        }

        foreach (int label in labels.Span)
        {
            if (label < 0) throw new ArgumentException($"Labels are class numbers from 0, but one is {label}.", nameof(labels));
            ClassCount = Math.Max(ClassCount, label + 1);
        }

        Features = features;
        Labels = labels;
        Shape = shape;
    }

    /// <summary>[Count×FeatureCount] float32, row-major.</summary>
    public ReadOnlyMemory<float> Features { get; }

    /// <summary>[Count] class numbers.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>The shape of one example.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of examples.</summary>
    public int Count => Labels.Length;

    /// <summary>Number of features of one example.</summary>
    public int FeatureCount { get; }

    /// <summary>1 + the largest label; 0 without examples.</summary>
    public int ClassCount { get; }

    /// <summary>The labels of rows of this table with other features of the same shape. features [rows×FeatureCount].</summary>
    internal ExampleTable WithFeatures(ReadOnlyMemory<float> features, RowSet rows)
    {
        var labels = new int[rows.Count];
        for (int i = 0; i < labels.Length; i++) labels[i] = Labels.Span[rows[i]];
        return new ExampleTable(features, labels, Shape);
    }

    private static int Product(ImmutableArray<int> shape)
    {
        if (shape.IsDefaultOrEmpty) throw new ArgumentException("The shape of an example needs at least one dimension.", nameof(shape));
        int product = 1;
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(shape));
            product = checked(product * size);
        }

        return product;
    }
}
