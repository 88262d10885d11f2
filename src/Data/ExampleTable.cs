using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>
/// Examples in two shared arrays: features [Count×FeatureCount], row-major float32, and beside them one int32 label each (classification) or
/// <see cref="TargetCount"/> float32 targets each (regression). Clients are views of rows of a table, so any number of them costs no copy.
/// </summary>
public sealed class ExampleTable
{
    /// <summary>A table with class labels. Wraps the arrays without copying; the caller must not change them any more.</summary>
    /// <param name="features">[examples×featureCount] float32.</param>
    /// <param name="labels">[examples]; a class is a number from 0.</param>
    /// <param name="shape">The shape of one example, such as 28×28; its product is the feature count.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the shape, or a label is negative.</exception>
    public ExampleTable(ReadOnlyMemory<float> features, ReadOnlyMemory<int> labels, ImmutableArray<int> shape)
        : this(features, labels.Length, shape)
    {
        foreach (int label in labels.Span)
        {
            if (label < 0) throw new ArgumentException($"Labels are class numbers from 0, but one is {label}.", nameof(labels));
            ClassCount = Math.Max(ClassCount, label + 1);
        }

        Labels = labels;
    }

    /// <summary>A table with float targets. Wraps the arrays without copying; the caller must not change them any more.</summary>
    /// <param name="features">[examples×featureCount] float32.</param>
    /// <param name="targets">[examples×targetCount] float32.</param>
    /// <param name="targetCount">Targets of one example; at least 1.</param>
    /// <param name="shape">The shape of one example's features; its product is the feature count.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">targetCount is not positive.</exception>
    public ExampleTable(ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, int targetCount, ImmutableArray<int> shape)
        : this(features, Rows(targets.Length, targetCount), shape)
    {
        Targets = targets;
        TargetCount = targetCount;
    }

    private ExampleTable(ReadOnlyMemory<float> features, int count, ImmutableArray<int> shape)
    {
        FeatureCount = Product(shape);
        if (features.Length != (long)count * FeatureCount)
        {
            throw new ArgumentException(
                $"{count} examples of shape {string.Join('×', shape)} need {(long)count * FeatureCount} features, but there are {features.Length}.",
                nameof(features));
        }

        Features = features;
        Count = count;
        Shape = shape;
    }

    /// <summary>[Count×FeatureCount] float32, row-major.</summary>
    public ReadOnlyMemory<float> Features { get; }

    /// <summary>[Count] class numbers; empty in a table of targets.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>[Count×TargetCount] float32, row-major; empty in a table of labels.</summary>
    public ReadOnlyMemory<float> Targets { get; }

    /// <summary>The shape of one example.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>Number of features of one example.</summary>
    public int FeatureCount { get; }

    /// <summary>Number of float targets of one example; 0 in a table of labels.</summary>
    public int TargetCount { get; }

    /// <summary>1 + the largest label; 0 without examples or labels.</summary>
    public int ClassCount { get; }

    /// <summary>The labels or targets of rows of this table with other features of the same shape. features [rows×FeatureCount].</summary>
    internal ExampleTable WithFeatures(ReadOnlyMemory<float> features, RowSet rows)
    {
        if (TargetCount > 0)
        {
            var targets = new float[rows.Count * TargetCount];
            for (int i = 0; i < rows.Count; i++) Targets.Span.Slice(rows[i] * TargetCount, TargetCount).CopyTo(targets.AsSpan(i * TargetCount));
            return new ExampleTable(features, targets, TargetCount, Shape);
        }

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

    private static int Rows(int length, int targetCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetCount);
        return length % targetCount == 0 ? length / targetCount
            : throw new ArgumentException($"{length} targets are no whole number of examples with {targetCount} each.", nameof(targetCount));
    }
}
