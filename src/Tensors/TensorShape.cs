using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FedPure.Tensors;

/// <summary>
/// What the TensorSpan overloads ask of a tensor, and the sentences in which they refuse one. Nothing here copies or, unless it throws, allocates.
/// </summary>
internal static class TensorShape
{
    /// <summary>The elements in place, if they lie densely in row-major order.</summary>
    public static ReadOnlySpan<float> Elements(in ReadOnlyTensorSpan<float> tensor, string name)
    {
        int length = CheckDense(tensor.Lengths, tensor.Strides, tensor.FlattenedLength, name);
        return length == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), length);
    }

    /// <inheritdoc cref="Elements(in ReadOnlyTensorSpan{float}, string)"/>
    public static Span<float> Elements(in TensorSpan<float> tensor, string name)
    {
        int length = CheckDense(tensor.Lengths, tensor.Strides, tensor.FlattenedLength, name);
        return length == 0 ? [] : MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), length);
    }

    /// <summary>Rows and columns of a matrix.</summary>
    public static (int Rows, int Columns) Matrix(ReadOnlySpan<nint> lengths, string name)
    {
        if (lengths.Length != 2) ThrowRank(lengths, name);
        return (Size(lengths[0], lengths, name), Size(lengths[1], lengths, name));
    }

    public static void CheckInner(int aInner, int bInner, ReadOnlySpan<nint> a, ReadOnlySpan<nint> b)
    {
        if (aInner != bInner) throw new ArgumentException($"a is {Text(a)} but b is {Text(b)}: the inner sizes {aInner} and {bInner} differ.", nameof(b));
    }

    public static void CheckProduct(ReadOnlySpan<nint> a, ReadOnlySpan<nint> b, ReadOnlySpan<nint> c, int m, int n)
    {
        if (c[0] != m || c[1] != n) throw new ArgumentException($"a is {Text(a)} and b is {Text(b)}: c must be {m}×{n}, but is {Text(c)}.", nameof(c));
    }

    public static void CheckSame(ReadOnlySpan<nint> one, ReadOnlySpan<nint> other, string name, string otherName)
    {
        if (!one.SequenceEqual(other)) throw new ArgumentException($"{name} is {Text(one)} but {otherName} is {Text(other)}; they must be equal.", name);
    }

    public static void CheckLabels(ReadOnlySpan<nint> logits, int labels)
    {
        if (logits[0] != labels)
            throw new ArgumentException(
                $"logits is {Text(logits)} but labels has {labels} elements: the {logits[0]} rows need one label each.", nameof(labels));
    }

    // The stride of a dimension of length 1 is never used, and a tensor without elements has nothing that could lie apart.
    private static int CheckDense(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, nint elements, string name)
    {
        if (elements == 0) return 0;
        nint dense = 1;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            if (lengths[i] != 1 && strides[i] != dense) ThrowStrides(lengths, strides, name);
            dense *= lengths[i];
        }

        return Size(elements, lengths, name);
    }

    private static int Size(nint length, ReadOnlySpan<nint> lengths, string name) =>
        length <= int.MaxValue
            ? (int)length : throw new ArgumentException($"{name} is {Text(lengths)}, more than the {int.MaxValue} elements that a span can have.", name);

    // "20×784"; a tensor without dimensions is "empty".
    private static string Text(ReadOnlySpan<nint> lengths)
    {
        var parts = new string[lengths.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = lengths[i].ToString(CultureInfo.InvariantCulture);
        return parts.Length == 0 ? "empty" : string.Join('×', parts);
    }

    [DoesNotReturn]
    private static void ThrowRank(ReadOnlySpan<nint> lengths, string name) =>
        throw new ArgumentException($"{name} must be a matrix, of rank 2, but is {Text(lengths)}, of rank {lengths.Length}.", name);

    [DoesNotReturn]
    private static void ThrowStrides(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, string name) =>
        throw new ArgumentException(
            $"{name} is {Text(lengths)} with strides {Text(strides)}: it must lie densely in row-major order. A transposed, "
                + "sliced or broadcast view must be copied first.",
            name);
}
