namespace FedPure.Tensors.Kernels;

/// <summary>
/// Where the rows of a tile start, in floats from the start of a: at equal distances, or wherever a list of rows says. Six fields rather than an inline array,
/// whose indexer would check bounds in the prologue of every tile.
/// </summary>
internal struct RowOffsets
{
    public nuint Row0, Row1, Row2, Row3, Row4, Row5;

    /// <summary>Rows at equal distances from <paramref name="start"/> on; those that the tile does not have are not read.</summary>
    public static RowOffsets From(nuint start, nuint distance)
    {
        return new RowOffsets
        {
            Row0 = start,
            Row1 = start + distance,
            Row2 = start + 2 * distance,
            Row3 = start + 3 * distance,
            Row4 = start + 4 * distance,
            Row5 = start + 5 * distance,
        };
    }

    /// <summary>The offset of row <paramref name="i"/> of the tile.</summary>
    public readonly nuint Row(int i) => i switch { 0 => Row0, 1 => Row1, 2 => Row2, 3 => Row3, 4 => Row4, _ => Row5 };

    /// <summary>The rows listed, at most <see cref="TileShape.MaxRows"/>, each of that length.</summary>
    public static RowOffsets Listed(ReadOnlySpan<int> rows, nuint length)
    {
        nuint At(int i, ReadOnlySpan<int> list) => i < list.Length ? (nuint)list[i] * length : 0;
        return new RowOffsets { Row0 = At(0, rows), Row1 = At(1, rows), Row2 = At(2, rows), Row3 = At(3, rows), Row4 = At(4, rows), Row5 = At(5, rows) };
    }
}

/// <summary>
/// Where a tile's operands lie: the offsets of its rows of a, and distances in floats between steps of the sum, vectors of b, and outputs. Fields, since a
/// property would copy the offsets at every reading.
/// </summary>
internal ref struct TileOperands
{
    /// <summary>Offsets of the tile's rows of a.</summary>
    public RowOffsets ARows;

    /// <summary>Distance between steps of the sum in a.</summary>
    public nuint AStep;

    /// <summary>Distance between steps of the sum in b: the length of its rows.</summary>
    public nuint BStep;

    /// <summary>Distance between the tile's rows of c.</summary>
    public nuint CRow;

    /// <summary>Distance between the tile's vectors of c.</summary>
    public nuint CVector;

    /// <summary>For a form with <see cref="IProductForm.IndexedB"/>: the row of b for each step of the sum.</summary>
    public ReadOnlySpan<int> BRows;

    /// <summary>For a form with <see cref="IProductForm.Masks"/>: the mask where c has the tile's first element.</summary>
    public ref float Mask;
}
