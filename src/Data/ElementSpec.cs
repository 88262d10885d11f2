using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>The number types of elements, with the names that TensorFlow prints.</summary>
public enum ElementType
{
    /// <summary>float32.</summary>
    Float32,

    /// <summary>int32.</summary>
    Int32,

    /// <summary>int64.</summary>
    Int64,

    /// <summary>Text, or bytes of any length.</summary>
    String,
}

/// <summary>A named part of an element; a scalar has an empty shape.</summary>
public sealed record ElementField(string Name, ElementType Type, ImmutableArray<int> Shape)
{
    /// <summary>Number of values.</summary>
    public int Length => Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>As TensorFlow Federated prints it: pixels=float32[28,28].</summary>
    public override string ToString() => $"{Name}={Type.ToString().ToLowerInvariant()}{(Shape.IsEmpty ? "" : $"[{string.Join(',', Shape)}]")}";
}

/// <summary>What one example of a dataset is: its fields in order, such as a label and pixels.</summary>
public sealed record ElementSpec(ImmutableArray<ElementField> Fields)
{
    private const string DefaultLabel = "label", DefaultFeature = "x", DefaultTargets = "y";

    /// <summary>Features of a shape and a class number, in the order in which TensorFlow Federated sorts them: by name.</summary>
    public static ElementSpec ForExamples(ImmutableArray<int> shape, string featureName = DefaultFeature, string labelName = DefaultLabel) =>
        new(
            [.. new[] { new ElementField(featureName, ElementType.Float32, shape), new ElementField(labelName, ElementType.Int32, []) }
                .OrderBy(part => part.Name, StringComparer.Ordinal)]);

    /// <summary>What an example of a table is: x with a label, or x with float targets y.</summary>
    public static ElementSpec ForTable(ExampleTable examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return examples.TargetCount == 0 ? ForExamples(examples.Shape)
            : new ElementSpec(
                [
                    new ElementField(DefaultFeature, ElementType.Float32, examples.Shape),
                    new ElementField(DefaultTargets, ElementType.Float32, [examples.TargetCount]),
                ]);
    }

    /// <summary>The field that models take: the float32 one, or of two such, features and targets, the first.</summary>
    /// <exception cref="InvalidOperationException">There is none, as for text.</exception>
    public ElementField Feature =>
        Fields.FirstOrDefault(part => part.Type == ElementType.Float32) ?? throw new InvalidOperationException($"{this} has no field of numbers.");

    /// <summary>The shape of one example's features.</summary>
    public ImmutableArray<int> Shape => Feature.Shape;

    /// <summary>Features of one example.</summary>
    public int FeatureCount => Feature.Length;

    /// <summary>Float targets of one example, the second field of numbers; 0 where there are labels.</summary>
    public int TargetCount => Fields.Any(part => part.Type is ElementType.Int32 or ElementType.Int64)
        ? 0 : Fields.Where(part => part.Type == ElementType.Float32).Skip(1).FirstOrDefault()?.Length ?? 0;

    /// <summary>The same fields, but for the shape of the features.</summary>
    internal ElementSpec WithShape(ImmutableArray<int> shape) =>
        Shape.SequenceEqual(shape) ? this : new ElementSpec(Fields.Replace(Feature, Feature with { Shape = shape }));

    /// <summary>As TensorFlow Federated prints it: &lt;label=int32,pixels=float32[28,28]&gt;.</summary>
    public override string ToString() => $"<{string.Join(',', Fields)}>";
}
