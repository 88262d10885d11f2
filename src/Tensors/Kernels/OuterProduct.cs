using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// Products whose lanes run over the columns of c, so that every output is one sum over p in ascending order: a·b and aᵀ·b. Element (i, p) of the left factor
/// lies at i·<c>aRow</c> + p·<c>aStep</c>; that is all the two differ in.
/// </summary>
internal static class OuterProduct
{
    /// <summary>
    /// Whether c has columns enough for one vector of T; the caller takes the widest that fits, down to <see cref="Lanes1"/>, which always does.
    /// </summary>
    public static bool Fits<T>(int n) where T : struct, ILanes<T> => T.IsAccelerated && n >= T.Width;

    /// <summary>
    /// c = a·bᵀ, or a[aRows]·bᵀ where rows are listed, with b [n×k]: its rows are turned into panels of columns, so that every output is one sum as in a·b.
    /// </summary>
    public static void RunTurned<T>(
        ReadOnlySpan<float> a, ReadOnlySpan<int> aRows, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k) where T : struct, ILanes<T>
    {
        Debug.Assert(n >= T.Width, "OuterProduct needs at least one vector of columns.");
        var left = new LeftFactor(a, (nuint)k, 1, false, aRows);
        int panel = TileShape.Vectors<T>() * T.Width;
        var packed = ArrayPool<float>.Shared.Rent(k * Math.Min(panel, n));
        for (int column = 0; column < n;)
        {
            // Whole panels, whole vectors, and a last vector that ends at column n: what it computes again has the same bits.
            int columns = Math.Min(panel, Math.Max(T.Width, n - column - (n - column) % T.Width)), start = Math.Min(column, n - columns);
            PackedPanel.Turn(b[(start * k)..], columns, k, packed);
            Columns<T, Overwrite>(left, packed, columns, [], new Result(c, []).From(start), n, m, columns, k, 1f);
            column = start + columns;
        }

        ArrayPool<float>.Shared.Return(packed);
    }

    /// <summary>The product; <paramref name="bRows"/> is read by forms with <see cref="IProductForm.IndexedB"/> only.</summary>
    public static void Run<T, TForm>(
        ReadOnlySpan<float> a, nuint aRow, nuint aStep, ReadOnlySpan<float> b, ReadOnlySpan<int> bRows, Span<float> c, int m, int n, int k, float alpha,
        ReadOnlySpan<float> mask = default)
        where T : struct, ILanes<T>
        where TForm : struct, IProductForm
    {
        Debug.Assert(TForm.Masks == !mask.IsEmpty, "A mask has c's shape.");
        Debug.Assert(n >= T.Width, "OuterProduct needs at least one vector of columns.");
        if (aStep == 1 || m < TileShape.PackedFromRows || k < TileShape.PackedRowsFromSteps || n <= TileShape.Vectors<T>() * T.Width)
        {
            Panels<T, TForm>(new LeftFactor(a, aRow, aStep, false), b, bRows, new Result(c, mask), m, n, k, alpha);
            return;
        }

        // Steps of the sum far apart in a, one page each or more: copied block by block, so that a tile reads its rows side by side.
        var packed = ArrayPool<float>.Shared.Rent(PackedPanel.BlocksLength(Math.Min(m, TileShape.PackedRows), k));
        for (int row = 0; row < m; row += TileShape.PackedRows)
        {
            int rows = Math.Min(TileShape.PackedRows, m - row);
            PackedPanel.CopyBlocks(a[((int)aRow * row)..], aRow, aStep, rows, k, packed);
            Panels<T, TForm>(new LeftFactor(packed, 0, 0, true), b, bRows, new Result(c, mask).From(row * n), rows, n, k, alpha);
        }

        ArrayPool<float>.Shared.Return(packed);
    }

    // Panels of columns one after the other, each copied side by side or at least read by all rows while it is near; or all columns for each block of rows.
    private static void Panels<T, TForm>(in LeftFactor a, ReadOnlySpan<float> b, ReadOnlySpan<int> bRows, Result c, int m, int n, int k, float alpha)
        where T : struct, ILanes<T>
        where TForm : struct, IProductForm
    {
        int column = 0, panel = TileShape.Vectors<T>() * T.Width;
        if (!TForm.IndexedB && n >= panel && m >= TileShape.PackedFromRows && k >= TileShape.PackedFromSteps<T>())
        {
            var packed = ArrayPool<float>.Shared.Rent(k * panel);
            for (; column <= n - panel; column += panel)
            {
                PackedPanel.Copy(b, n, column, panel, packed.AsSpan(0, k * panel));
                Columns<T, TForm>(a, packed, panel, [], c.From(column), n, m, panel, k, alpha);
            }

            ArrayPool<float>.Shared.Return(packed);
        }
        else if ((long)k * n > TileShape.NearFloats && m > TileShape.MaxRows)
        {
            for (; column <= n - panel; column += panel) Columns<T, TForm>(a, b[column..], n, bRows, c.From(column), n, m, panel, k, alpha);
        }

        if (column < n) Columns<T, TForm>(a, b[column..], n, bRows, c.From(column), n, m, n - column, k, alpha);
    }

    // All rows of some columns of c: b and c start at the first of them, and their rows are bRow and cRow floats long.
    private static void Columns<T, TForm>(
        in LeftFactor a, ReadOnlySpan<float> b, int bRow, ReadOnlySpan<int> bRows, Result c, int cRow, int m, int n, int k, float alpha)
        where T : struct, ILanes<T>
        where TForm : struct, IProductForm
    {
        ref float a0 = ref MemoryMarshal.GetReference(a.Values);
        ref float b0 = ref MemoryMarshal.GetReference(b);
        int row = 0;
        for (int block = 0; row < m; block++)
        {
            int rows = TileShape.BalancedBlock(m, TileShape.MaxRows, block);
            ref float cTile = ref Unsafe.Add(ref MemoryMarshal.GetReference(c.Values), (nint)row * cRow);
            var operands = new TileOperands
            {
                ARows = a.InBlocks ? RowOffsets.From(PackedPanel.BlockStart(row, block, k), 1)
                    : a.Listed.IsEmpty ? RowOffsets.From((nuint)row * a.Row, a.Row)
                    : RowOffsets.Listed(a.Listed.Slice(row, rows), a.Row),
                AStep = a.InBlocks ? (nuint)rows : a.Step,
                BStep = (nuint)bRow,
                BRows = bRows,
                CRow = (nuint)cRow,
                CVector = (nuint)T.Width,
            };
            if (TForm.Masks) operands.Mask = ref Unsafe.Add(ref MemoryMarshal.GetReference(c.Mask), (nint)row * cRow);
            switch (rows)
            {
                case 1: Rows<T, One, TForm>(ref a0, ref b0, ref cTile, n, k, ref operands, alpha); break;
                case 2: Rows<T, Two, TForm>(ref a0, ref b0, ref cTile, n, k, ref operands, alpha); break;
                case 3: Rows<T, Three, TForm>(ref a0, ref b0, ref cTile, n, k, ref operands, alpha); break;
                case 4: Rows<T, Four, TForm>(ref a0, ref b0, ref cTile, n, k, ref operands, alpha); break;
                case 5: Rows<T, Five, TForm>(ref a0, ref b0, ref cTile, n, k, ref operands, alpha); break;
                default: Rows<T, Six, TForm>(ref a0, ref b0, ref cTile, n, k, ref operands, alpha); break;
            }

            row += rows;
        }
    }

    // All columns of a block of rows: whole panels, what is left in single vectors, and then in ever narrower ones, no wider than T.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T, TRows, TForm>(ref float a, ref float b, ref float c, int n, int k, ref TileOperands operands, float alpha)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
        where TForm : struct, IProductForm
    {
        int panel = TileShape.Vectors<T>() * T.Width, column = 0;
        for (; column <= n - panel; column += panel)
        {
            MicroKernel.Run<T, TRows, TForm>(panel / T.Width, ref a, ref Unsafe.Add(ref b, column), ref Unsafe.Add(ref c, column), k, operands, alpha);
            if (TForm.Masks) operands.Mask = ref Unsafe.Add(ref operands.Mask, panel);
        }

        int vectors = (n - column) / T.Width;
        if (vectors > 0)
        {
            MicroKernel.Run<T, TRows, TForm>(vectors, ref a, ref Unsafe.Add(ref b, column), ref Unsafe.Add(ref c, column), k, operands, alpha);
            if (TForm.Masks) operands.Mask = ref Unsafe.Add(ref operands.Mask, vectors * T.Width);
        }

        column += vectors * T.Width;
        if (T.Width > Lanes256.Width) Narrower<Lanes256, TRows, TForm>(ref a, ref b, ref c, ref column, n, k, ref operands, alpha);
        if (T.Width > Lanes128.Width) Narrower<Lanes128, TRows, TForm>(ref a, ref b, ref c, ref column, n, k, ref operands, alpha);
        if (column == n) return;
        if (T.Width >= Lanes128.Width && n >= Lanes128.Width) LastColumns<Lanes128, TRows, TForm>(ref a, ref b, ref c, column, n, k, ref operands, alpha);
        else Narrower<Lanes1, TRows, TForm>(ref a, ref b, ref c, ref column, n, k, ref operands, alpha);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrower<T, TRows, TForm>(ref float a, ref float b, ref float c, ref int column, int n, int k, ref TileOperands operands, float alpha)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
        where TForm : struct, IProductForm
    {
        for (; column <= n - T.Width; column += T.Width)
        {
            MicroKernel.Run<T, TRows, One, TForm>(ref a, ref Unsafe.Add(ref b, column), ref Unsafe.Add(ref c, column), k, operands, alpha);
            if (TForm.Masks) operands.Mask = ref Unsafe.Add(ref operands.Mask, T.Width);
        }
    }

    // Fewer columns than the narrowest vector: one vector that ends at column n and overlaps columns already done. Its sums go to a scratch tile, and only the
    // new columns are brought from there to c, one by one. The tile starts as zeros, alpha and a mask are 1, so that any form leaves the plain sum.
    private static void LastColumns<T, TRows, TForm>(ref float a, ref float b, ref float c, int column, int n, int k, ref TileOperands operands, float alpha)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
        where TForm : struct, IProductForm
    {
        Span<float> sums = stackalloc float[TileShape.MaxRows * T.Width];
        Span<float> ones = stackalloc float[TForm.Masks ? TileShape.MaxRows * T.Width : 1];
        sums.Clear();
        ones.Fill(1f);
        int first = n - T.Width;
        var scratch = new TileOperands
        {
            ARows = operands.ARows,
            AStep = operands.AStep,
            BStep = operands.BStep,
            BRows = operands.BRows,
            CRow = (nuint)T.Width,
            CVector = (nuint)T.Width,
            Mask = ref MemoryMarshal.GetReference(ones),
        };
        MicroKernel.Run<T, TRows, One, TForm>(ref a, ref Unsafe.Add(ref b, first), ref MemoryMarshal.GetReference(sums), k, scratch, 1f);
        ref float mask = ref operands.Mask;
        if (TForm.Masks) mask = ref Unsafe.Subtract(ref mask, column);
        for (int i = 0; i < TRows.Value; i++)
        {
            for (int j = column; j < n; j++)
                TForm.Finish(new Lanes1(sums[i * T.Width + j - first]), ref c, (nuint)i * operands.CRow + (nuint)j, new Lanes1(alpha), ref mask);
        }
    }

    // c, and for a form that masks the mask.
    private readonly ref struct Result(Span<float> values, ReadOnlySpan<float> mask)
    {
        public readonly Span<float> Values = values;
        public readonly ReadOnlySpan<float> Mask = mask;

        public Result From(int start) => new(Values[start..], Mask.IsEmpty ? Mask : Mask[start..]);
    }

    // a as it is, all rows or those listed, or in blocks of rows as PackedPanel leaves them.
    private readonly ref struct LeftFactor(ReadOnlySpan<float> values, nuint row, nuint step, bool inBlocks, ReadOnlySpan<int> listed = default)
    {
        public readonly ReadOnlySpan<int> Listed = listed;
        public readonly ReadOnlySpan<float> Values = values;
        public readonly nuint Row = row, Step = step;
        public readonly bool InBlocks = inBlocks;
    }
}
