using System.Collections.Immutable;
using System.Text;

namespace FedPure.Learning.Types;

/// <summary>An array of numbers, such as float32[784,10]; a scalar has no dimensions, and a size of null is not known in advance.</summary>
public sealed record TensorType : TypeSignature
{
    /// <summary>A tensor of that element type, such as float32, and shape.</summary>
    public TensorType(string elementType, params ReadOnlySpan<int?> shape)
    {
        ElementType = elementType;
        Shape = [.. shape];
    }

    /// <summary>A float32 scalar.</summary>
    public static TensorType Float32 { get; } = new("float32");

    /// <summary>An int32 scalar.</summary>
    public static TensorType Int32 { get; } = new("int32");

    /// <summary>An int64 scalar.</summary>
    public static TensorType Int64 { get; } = new("int64");

    /// <summary>Such as float32.</summary>
    public string ElementType { get; }

    /// <summary>Sizes of the dimensions.</summary>
    public ImmutableArray<int?> Shape { get; }

    /// <inheritdoc/>
    public bool Equals(TensorType? other) => other is not null && ElementType == other.ElementType && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ElementType, Shape.Length);

    internal override void Print(StringBuilder text, int? indent)
    {
        text.Append(ElementType);
        if (!Shape.IsEmpty)
            text.Append('[').AppendJoin(',', Shape.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?")).Append(']');
    }
}
