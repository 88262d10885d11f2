using System.Collections.Immutable;
using FedPure.Learning.Types;

namespace FedPure.Learning.Models;

/// <summary>One named array among a model's parameters.</summary>
/// <param name="Name">Such as dense/kernel.</param>
/// <param name="Shape">The shape that users and files see, such as [in×out] for a kernel.</param>
/// <param name="Offset">Where it starts in the flat parameters.</param>
/// <param name="Transposed">Whether the two dimensions of a matrix are stored the other way round, [out×in], for the sake of the kernels.</param>
/// <param name="Trainable">Whether training changes it.</param>
public sealed record ParameterSlice(string Name, ImmutableArray<int> Shape, int Offset, bool Transposed, bool Trainable)
{
    /// <summary>Number of float32 values.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>This slice of a model's flat parameters, in the stored order.</summary>
    public Span<float> Of(Span<float> parameters) => parameters.Slice(Offset, Length);

    /// <inheritdoc cref="Of(Span{float})"/>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, Length);
}

/// <summary>
/// How a model's parameters lie in one flat float32 array: first the slices that are trained, in layer order, kernel before bias, then those that are not,
/// which every process carries unchanged. Gradients, updates and optimizer states cover the first alone, [<see cref="TrainableLength"/>]. The canonical order,
/// which files, hashes and other programs see, is the same with every slice in the row-major order of its <see cref="ParameterSlice.Shape"/>.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>Slices in order; offsets are given out here.</summary>
    /// <param name="trainable">What training changes. The shape of a scalar is empty; a matrix may be stored transposed.</param>
    /// <param name="nonTrainable">What it leaves alone; null for nothing.</param>
    /// <exception cref="ArgumentException">Two slices have one name, or one that is no matrix is stored transposed.</exception>
    public ParameterLayout(
        IEnumerable<(string Name, ImmutableArray<int> Shape, bool Transposed)> trainable,
        IEnumerable<(string Name, ImmutableArray<int> Shape, bool Transposed)>? nonTrainable = null)
    {
        ArgumentNullException.ThrowIfNull(trainable);
        var slices = new List<ParameterSlice>();
        foreach (var (name, shape, transposed) in trainable) Append(slices, name, shape, transposed, true);
        Trainable = this;
        if (nonTrainable?.ToArray() is { Length: > 0 } others)
        {
            Trainable = new ParameterLayout(slices);
            foreach (var (name, shape, transposed) in others) Append(slices, name, shape, transposed, false);
        }

        Slices = [.. slices];
        Length = End(slices);
    }

    private ParameterLayout(List<ParameterSlice> slices)
    {
        Trainable = this;
        Slices = [.. slices];
        Length = End(slices);
    }

    /// <summary>The slices in order.</summary>
    public ImmutableArray<ParameterSlice> Slices { get; }

    /// <summary>Number of parameters, trainable or not.</summary>
    public int Length { get; }

    /// <summary>The layout of the trainable slices alone, which begin the parameters; this one if all of them are trained.</summary>
    public ParameterLayout Trainable { get; }

    /// <summary>Number of trainable parameters: the length of a gradient and of an update.</summary>
    public int TrainableLength => Trainable.Length;

    /// <summary>The type of the slices in order, such as &lt;float32[784,10],float32[10]&gt;.</summary>
    public StructureType Signature =>
        new(Slices.Select(slice => ((string?)null, (TypeSignature)new TensorType("float32", [.. slice.Shape.Select(size => (int?)size)]))));

    /// <summary>Rearranges stored parameters [Length] into the canonical order [Length].</summary>
    public void ToCanonical(ReadOnlySpan<float> parameters, Span<float> canonical)
    {
        foreach (var slice in Slices)
        {
            if (slice.Transposed) Transpose(slice.Of(parameters), slice.Of(canonical), slice.Shape[1], slice.Shape[0]);
            else slice.Of(parameters).CopyTo(slice.Of(canonical));
        }
    }

    /// <summary>Rearranges parameters in the canonical order [Length] into the stored one [Length].</summary>
    public void FromCanonical(ReadOnlySpan<float> canonical, Span<float> parameters)
    {
        foreach (var slice in Slices)
        {
            if (slice.Transposed) Transpose(slice.Of(canonical), slice.Of(parameters), slice.Shape[0], slice.Shape[1]);
            else slice.Of(canonical).CopyTo(slice.Of(parameters));
        }
    }

    private static void Append(List<ParameterSlice> slices, string name, ImmutableArray<int> shape, bool transposed, bool trainable)
    {
        if (transposed && shape.Length != 2)
            throw new ArgumentException($"'{name}' has {shape.Length} dimensions; only a matrix can be stored transposed.", nameof(transposed));
        if (slices.Exists(slice => slice.Name == name)) throw new ArgumentException($"Two slices are named '{name}'.", nameof(name));
        slices.Add(new ParameterSlice(name, shape, End(slices), transposed, trainable));
    }

    private static int End(List<ParameterSlice> slices) => slices is [.., var last] ? checked(last.Offset + last.Length) : 0;

    // target [columns×rows] ← the transpose of source [rows×columns].
    private static void Transpose(ReadOnlySpan<float> source, Span<float> target, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) target[j * rows + i] = source[i * columns + j];
        }
    }
}
