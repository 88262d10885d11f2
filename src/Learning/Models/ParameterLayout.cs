using System.Collections.Immutable;

namespace FedPure.Learning.Models;

/// <summary>One named array among a model's parameters.</summary>
/// <param name="Name">Such as dense/kernel.</param>
/// <param name="Shape">The shape that users and files see, such as [in×out] for a kernel.</param>
/// <param name="Offset">Where it starts in the flat parameters.</param>
/// <param name="Transposed">Whether the two dimensions of a matrix are stored the other way round, [out×in], for the sake of the kernels.</param>
public sealed record ParameterSlice(string Name, ImmutableArray<int> Shape, int Offset, bool Transposed)
{
    /// <summary>Number of float32 values.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>This slice of a model's flat parameters, in the stored order.</summary>
    public Span<float> Of(Span<float> parameters) => parameters.Slice(Offset, Length);

    /// <inheritdoc cref="Of(Span{float})"/>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, Length);
}

/// <summary>
/// How a model's parameters lie in one flat float32 array: slices one after the other, in layer order, kernel before bias. The canonical order, which files, hashes
/// and other programs see, is the same with every slice in the row-major order of its <see cref="ParameterSlice.Shape"/>.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>Slices in order; offsets are given out here.</summary>
    public ParameterLayout(IEnumerable<(string Name, ImmutableArray<int> Shape, bool Transposed)> slices)
    {
        var builder = ImmutableArray.CreateBuilder<ParameterSlice>();
        foreach (var (name, shape, transposed) in slices)
        {
            if (transposed && shape.Length != 2) throw new ArgumentException($"'{name}' has {shape.Length} dimensions; only a matrix can be stored transposed.", nameof(slices));
            var slice = new ParameterSlice(name, shape, Length, transposed);
            builder.Add(slice);
            Length = checked(Length + slice.Length);
        }

        Slices = builder.ToImmutable();
    }

    /// <summary>The slices in order.</summary>
    public ImmutableArray<ParameterSlice> Slices { get; }

    /// <summary>Number of parameters.</summary>
    public int Length { get; }

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

    // target [columns×rows] ← the transpose of source [rows×columns].
    private static void Transpose(ReadOnlySpan<float> source, Span<float> target, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) target[j * rows + i] = source[i * columns + j];
        }
    }
}
