using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FedPure.Tensors;

/// <summary>Checks at the public edge: one message form, with the shape that was asked for and the length that came.</summary>
internal static class Shape
{
    public static void CheckSizes(int m, int n, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
    }

    public static void Check(int length, int rows, int columns, string name)
    {
        if (length != (long)rows * columns) Throw(length, rows, columns, name);
    }

    public static void CheckSame(int length, int other, string name, string otherName)
    {
        if (length != other) ThrowDifferent(length, other, name, otherName);
    }

    /// <summary>Rows of a [rows×columns] span of that length.</summary>
    public static int Rows(int length, int columns, string name, string columnsName)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns, columnsName);
        if (length % columns != 0)
            throw new ArgumentException($"{name} has {length} elements, which is no whole number of rows of {columnsName} = {columns}.", name);
        return length / columns;
    }

    /// <summary>Each row listed must lie in a [any×columns] span of that length.</summary>
    // AggressiveOptimization: while the JIT counts branches in a loop, threads fight over the counters, and two are slower than one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CheckRows(ReadOnlySpan<int> rows, int length, int columns, string name)
    {
        int count = columns == 0 ? 0 : Rows(length, columns, name, nameof(columns));
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)count && columns > 0) ThrowRow(row, count, name);
        }
    }

    [DoesNotReturn]
    private static void ThrowRow(int row, int count, string name) =>
        throw new ArgumentOutOfRangeException(nameof(row), $"Row {row} is listed, but {name} has {count} rows.");

    [DoesNotReturn]
    private static void Throw(int length, int rows, int columns, string name) =>
        throw new ArgumentException($"{name} must have {rows}×{columns} = {(long)rows * columns} elements, but has {length}.", name);

    [DoesNotReturn]
    private static void ThrowDifferent(int length, int other, string name, string otherName) =>
        throw new ArgumentException($"{name} has {length} elements and {otherName} has {other}; they must be equal.", name);
}
