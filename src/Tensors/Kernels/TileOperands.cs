using System.Runtime.CompilerServices;

namespace FedPure.Tensors.Kernels;

/// <summary>Where the rows of a tile start, in floats from the start of a: at equal distances, or wherever a list of rows says.</summary>
[InlineArray(TileShape.MaxRows)]
internal struct RowOffsets
{
    private nuint _first;

    /// <summary>Rows at equal distances from <paramref name="first"/> on.</summary>
    public static RowOffsets Strided(int first, int count, nuint distance)
    {
        var offsets = default(RowOffsets);
        for (int i = 0; i < count; i++) offsets[i] = (nuint)(first + i) * distance;
        return offsets;
    }

    /// <summary>The rows listed, each of that length.</summary>
    public static RowOffsets Listed(ReadOnlySpan<int> rows, nuint length)
    {
        var offsets = default(RowOffsets);
        for (int i = 0; i < rows.Length; i++) offsets[i] = (nuint)rows[i] * length;
        return offsets;
    }
}

/// <summary>Where a tile's operands lie: the offsets of its rows of a, and distances in floats between steps of the sum, vectors of b, and outputs.</summary>
internal readonly ref struct TileOperands
{
    /// <summary>Offsets of the tile's rows of a.</summary>
    public required RowOffsets ARows { get; init; }

    /// <summary>Distance between steps of the sum in a; not read along the sum, where it is 16 lanes.</summary>
    public nuint AStep { get; init; }

    /// <summary>Distance between the tile's vectors of b along the sum; elsewhere they are neighbours.</summary>
    public nuint BVector { get; init; }

    /// <summary>Distance between steps of the sum in b: the length of its rows.</summary>
    public nuint BStep { get; init; }

    /// <summary>Distance between the tile's rows of c.</summary>
    public required nuint CRow { get; init; }

    /// <summary>Distance between the tile's vectors of c.</summary>
    public required nuint CVector { get; init; }

    /// <summary>For a form with <see cref="IProductForm.IndexedB"/>: the row of b for each step of the sum.</summary>
    public ReadOnlySpan<int> BRows { get; init; }
}
