using System.Collections.Immutable;
using FedPure.Learning.Types;

namespace FedPure.Learning.Metrics;

/// <summary>Measured numbers of one type in an array, row-major.</summary>
public sealed record MetricArray : MetricNode
{
    /// <summary>Rounds the numbers to the type, as <see cref="MetricValue"/> does; if one is NaN, all are reported in float32.</summary>
    /// <exception cref="ArgumentException">There are not as many values as the shape says.</exception>
    public MetricArray(MetricType type, ImmutableArray<int> shape, ImmutableArray<double> values)
    {
        if (values.Length != shape.Aggregate(1L, (product, size) => product * size))
            throw new ArgumentException($"A metric of shape {string.Join('×', shape)} does not have {values.Length} values.", nameof(values));
        Type = values.Any(double.IsNaN) ? MetricType.Float32 : type;
        Shape = shape;
        Values = [.. values.Select(value => new MetricValue(Type, value).Value)];
    }

    /// <summary>The number type.</summary>
    public MetricType Type { get; }

    /// <inheritdoc/>
    public override TypeSignature Signature => Type.ToTensorType([.. Shape.Select(size => (int?)size)]);

    /// <summary>The array's dimensions.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The numbers; exact for each type up to 2^53.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>The value at that place of the flat array.</summary>
    public MetricValue this[int index] => new(Type, Values[index]);

    /// <summary>Whether type, shape and values are the same.</summary>
    public bool Equals(MetricArray? other) =>
        other is not null && Type == other.Type && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()) && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Values.Length, Values.FirstOrDefault());

    /// <summary>Such as [[1, 2], [3, 4]].</summary>
    public override string ToString() => Text(0, 0, Values.Length);

    private string Text(int dimension, int start, int length)
    {
        if (dimension == Shape.Length) return this[start].ToString();
        int part = Shape[dimension] == 0 ? 0 : length / Shape[dimension];
        return "[" + string.Join(", ", Enumerable.Range(0, Shape[dimension]).Select(i => Text(dimension + 1, start + i * part, part))) + "]";
    }
}
