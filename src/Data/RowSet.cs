using System.Runtime.CompilerServices;
namespace FedPure.Data;

/// <summary>Which rows of an <see cref="ExampleTable"/> are meant: a range, or a list in the order given.</summary>
public readonly struct RowSet
{
    // In place of the start of a range: there are datasets of a million of these, so that no field is spent on which it is.
    private const int IsList = -1;

    private readonly ReadOnlyMemory<int> _rows;
    private readonly int _start;

    /// <summary>The rows start, start + 1, ..., start + count - 1.</summary>
    public RowSet(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _start = start;
        Count = count;
    }

    /// <summary>The rows listed; the memory is not copied and must not change.</summary>
    public RowSet(ReadOnlyMemory<int> rows)
    {
        _rows = rows;
        _start = IsList;
        Count = rows.Length;
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Row of the table at position <paramref name="index"/> of the set.</summary>
    public int this[int index] => _start == IsList ? _rows.Span[index] : _start + index;

    /// <summary>The first row that is not one of the rows 0 to <paramref name="tableRows"/> - 1; null if there is none.</summary>
    internal long? FirstOutside(int tableRows)
    {
        if (_start != IsList) return Count > 0 && (long)_start + Count > tableRows ? Math.Max(_start, tableRows) : null;
        foreach (int row in _rows.Span)
        {
            if ((uint)row >= (uint)tableRows) return row;
        }

        return null;
    }

    /// <summary>rows[i] ← this[rows[i]]: turns positions in the set into rows of the table, in place.</summary>
    // AggressiveOptimization: while the JIT counts branches in a loop, threads fight over the counters, and two are slower than one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Map(Span<int> rows)
    {
        if (_start == IsList)
        {
            var list = _rows.Span;
            for (int i = 0; i < rows.Length; i++) rows[i] = list[rows[i]];
        }
        else if (_start != 0)
        {
            for (int i = 0; i < rows.Length; i++) rows[i] += _start;
        }
    }
}
