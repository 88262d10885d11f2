using System.Runtime.CompilerServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// The inner loop of a·bᵀ: a tile of Rows × Columns outputs, each a vector of virtual lanes, summed over p with a vector from each row of a and of b.
/// <code>
///              b: Columns rows, Width elements of each
///              [ b0 ][ b1 ][ b2 ][ b3 ]
/// a: Rows  a0  [c00 ][c01 ][c02 ][c03 ]     c[i,j] = MultiplyAdd(a[i], b[j], c[i,j]), lane by lane
/// rows     a1  [c10 ][c11 ] ...
/// </code>
/// 16 lanes are folded to sums where they are, in registers: stored and read again, this took as long as the products of 128 elements. The body calls as little
/// as it can, since the JIT stops to inline where a method has used up its budget.
/// </summary>
internal static class InnerKernel
{
    /// <summary>
    /// At 16 lanes sums [rows×4] ← the outputs; at fewer lanes [rows×columns×16] ← the vectors of lanes, for <see cref="LaneFold"/>. The rows of a lie at the
    /// offsets, those of b k apart; after whole·16 elements of each the rests follow, [rows×16], if there are any.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TRows, TColumns>(ref float a, in RowOffsets aRows, ref float b, nuint k, int whole, in InnerRests rests, ref float sums)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        T zero = T.Zero;
        T c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        T c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        T c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        T c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        T c40 = zero, c41 = zero, c42 = zero, c43 = zero;
        T c50 = zero, c51 = zero, c52 = zero, c53 = zero;

        // A reference past the end of an array may not even be formed, so what the shape lacks refers to row 0.
        ref float a0 = ref Unsafe.Add(ref a, aRows.Row0);
        ref float a1 = ref Unsafe.Add(ref a, TRows.Value > 1 ? aRows.Row1 : 0);
        ref float a2 = ref Unsafe.Add(ref a, TRows.Value > 2 ? aRows.Row2 : 0);
        ref float a3 = ref Unsafe.Add(ref a, TRows.Value > 3 ? aRows.Row3 : 0);
        ref float a4 = ref Unsafe.Add(ref a, TRows.Value > 4 ? aRows.Row4 : 0);
        ref float a5 = ref Unsafe.Add(ref a, TRows.Value > 5 ? aRows.Row5 : 0);
        ref float b1 = ref Unsafe.Add(ref b, TColumns.Value > 1 ? k : 0);
        ref float b2 = ref Unsafe.Add(ref b, TColumns.Value > 2 ? 2 * k : 0);
        ref float b3 = ref Unsafe.Add(ref b, TColumns.Value > 3 ? 3 * k : 0);
        bool restFollows = rests.Exist;
        nuint at = 0;
    sum:
        for (; whole > 0; whole--)
        {
            T y0 = T.Load(ref b, at), y1 = zero, y2 = zero, y3 = zero;
            if (TColumns.Value > 1) y1 = T.Load(ref b1, at);
            if (TColumns.Value > 2) y2 = T.Load(ref b2, at);
            if (TColumns.Value > 3) y3 = T.Load(ref b3, at);

            T x = T.Load(ref a0, at);
            c00 = T.MultiplyAdd(x, y0, c00);
            if (TColumns.Value > 1) c01 = T.MultiplyAdd(x, y1, c01);
            if (TColumns.Value > 2) c02 = T.MultiplyAdd(x, y2, c02);
            if (TColumns.Value > 3) c03 = T.MultiplyAdd(x, y3, c03);

            if (TRows.Value > 1)
            {
                x = T.Load(ref a1, at);
                c10 = T.MultiplyAdd(x, y0, c10);
                if (TColumns.Value > 1) c11 = T.MultiplyAdd(x, y1, c11);
                if (TColumns.Value > 2) c12 = T.MultiplyAdd(x, y2, c12);
                if (TColumns.Value > 3) c13 = T.MultiplyAdd(x, y3, c13);
            }

            if (TRows.Value > 2)
            {
                x = T.Load(ref a2, at);
                c20 = T.MultiplyAdd(x, y0, c20);
                if (TColumns.Value > 1) c21 = T.MultiplyAdd(x, y1, c21);
                if (TColumns.Value > 2) c22 = T.MultiplyAdd(x, y2, c22);
                if (TColumns.Value > 3) c23 = T.MultiplyAdd(x, y3, c23);
            }

            if (TRows.Value > 3)
            {
                x = T.Load(ref a3, at);
                c30 = T.MultiplyAdd(x, y0, c30);
                if (TColumns.Value > 1) c31 = T.MultiplyAdd(x, y1, c31);
                if (TColumns.Value > 2) c32 = T.MultiplyAdd(x, y2, c32);
                if (TColumns.Value > 3) c33 = T.MultiplyAdd(x, y3, c33);
            }

            if (TRows.Value > 4)
            {
                x = T.Load(ref a4, at);
                c40 = T.MultiplyAdd(x, y0, c40);
                if (TColumns.Value > 1) c41 = T.MultiplyAdd(x, y1, c41);
                if (TColumns.Value > 2) c42 = T.MultiplyAdd(x, y2, c42);
                if (TColumns.Value > 3) c43 = T.MultiplyAdd(x, y3, c43);
            }

            if (TRows.Value > 5)
            {
                x = T.Load(ref a5, at);
                c50 = T.MultiplyAdd(x, y0, c50);
                if (TColumns.Value > 1) c51 = T.MultiplyAdd(x, y1, c51);
                if (TColumns.Value > 2) c52 = T.MultiplyAdd(x, y2, c52);
                if (TColumns.Value > 3) c53 = T.MultiplyAdd(x, y3, c53);
            }

            at += TileShape.SumLanes;
        }

        if (restFollows)
        {
            restFollows = false;
            a0 = ref rests.A;
            a1 = ref Unsafe.Add(ref a0, TRows.Value > 1 ? TileShape.SumLanes : 0);
            a2 = ref Unsafe.Add(ref a0, TRows.Value > 2 ? 2 * TileShape.SumLanes : 0);
            a3 = ref Unsafe.Add(ref a0, TRows.Value > 3 ? 3 * TileShape.SumLanes : 0);
            a4 = ref Unsafe.Add(ref a0, TRows.Value > 4 ? 4 * TileShape.SumLanes : 0);
            a5 = ref Unsafe.Add(ref a0, TRows.Value > 5 ? 5 * TileShape.SumLanes : 0);
            b = ref rests.B;
            b1 = ref Unsafe.Add(ref b, TColumns.Value > 1 ? TileShape.SumLanes : 0);
            b2 = ref Unsafe.Add(ref b, TColumns.Value > 2 ? 2 * TileShape.SumLanes : 0);
            b3 = ref Unsafe.Add(ref b, TColumns.Value > 3 ? 3 * TileShape.SumLanes : 0);
            whole = 1;
            at = 0;
            goto sum;
        }

        if (T.Width < TileShape.SumLanes)
        {
            nuint row = (nuint)(TColumns.Value * TileShape.SumLanes);
            T.Store(c00, ref sums, 0);
            if (TColumns.Value > 1) T.Store(c01, ref sums, TileShape.SumLanes);
            if (TColumns.Value > 2) T.Store(c02, ref sums, 2 * TileShape.SumLanes);
            if (TColumns.Value > 3) T.Store(c03, ref sums, 3 * TileShape.SumLanes);
            if (TRows.Value > 1) T.Store(c10, ref sums, row);
            if (TRows.Value > 1 && TColumns.Value > 1) T.Store(c11, ref sums, row + TileShape.SumLanes);
            if (TRows.Value > 1 && TColumns.Value > 2) T.Store(c12, ref sums, row + 2 * TileShape.SumLanes);
            if (TRows.Value > 1 && TColumns.Value > 3) T.Store(c13, ref sums, row + 3 * TileShape.SumLanes);
            if (TRows.Value > 2) T.Store(c20, ref sums, 2 * row);
            if (TRows.Value > 2 && TColumns.Value > 1) T.Store(c21, ref sums, 2 * row + TileShape.SumLanes);
            if (TRows.Value > 2 && TColumns.Value > 2) T.Store(c22, ref sums, 2 * row + 2 * TileShape.SumLanes);
            if (TRows.Value > 2 && TColumns.Value > 3) T.Store(c23, ref sums, 2 * row + 3 * TileShape.SumLanes);
            if (TRows.Value > 3) T.Store(c30, ref sums, 3 * row);
            if (TRows.Value > 3 && TColumns.Value > 1) T.Store(c31, ref sums, 3 * row + TileShape.SumLanes);
            if (TRows.Value > 3 && TColumns.Value > 2) T.Store(c32, ref sums, 3 * row + 2 * TileShape.SumLanes);
            if (TRows.Value > 3 && TColumns.Value > 3) T.Store(c33, ref sums, 3 * row + 3 * TileShape.SumLanes);
            if (TRows.Value > 4) T.Store(c40, ref sums, 4 * row);
            if (TRows.Value > 4 && TColumns.Value > 1) T.Store(c41, ref sums, 4 * row + TileShape.SumLanes);
            if (TRows.Value > 4 && TColumns.Value > 2) T.Store(c42, ref sums, 4 * row + 2 * TileShape.SumLanes);
            if (TRows.Value > 4 && TColumns.Value > 3) T.Store(c43, ref sums, 4 * row + 3 * TileShape.SumLanes);
            if (TRows.Value > 5) T.Store(c50, ref sums, 5 * row);
            if (TRows.Value > 5 && TColumns.Value > 1) T.Store(c51, ref sums, 5 * row + TileShape.SumLanes);
            if (TRows.Value > 5 && TColumns.Value > 2) T.Store(c52, ref sums, 5 * row + 2 * TileShape.SumLanes);
            if (TRows.Value > 5 && TColumns.Value > 3) T.Store(c53, ref sums, 5 * row + 3 * TileShape.SumLanes);
            return;
        }

        // Four lanes of each column of a row side by side, then the lanes of four rows; a row that the tile lacks is another's copy.
        T r0 = RegisterFold.AddHalves(RegisterFold.AddHalves(c00, c01, 8), RegisterFold.AddHalves(c02, c03, 8), 4);
        T r1 = TRows.Value > 1 ? RegisterFold.AddHalves(RegisterFold.AddHalves(c10, c11, 8), RegisterFold.AddHalves(c12, c13, 8), 4) : r0;
        T r2 = TRows.Value > 2 ? RegisterFold.AddHalves(RegisterFold.AddHalves(c20, c21, 8), RegisterFold.AddHalves(c22, c23, 8), 4) : r0;
        T r3 = TRows.Value > 3 ? RegisterFold.AddHalves(RegisterFold.AddHalves(c30, c31, 8), RegisterFold.AddHalves(c32, c33, 8), 4) : r2;
        T r4 = TRows.Value > 4 ? RegisterFold.AddHalves(RegisterFold.AddHalves(c40, c41, 8), RegisterFold.AddHalves(c42, c43, 8), 4) : r3;
        T r5 = TRows.Value > 5 ? RegisterFold.AddHalves(RegisterFold.AddHalves(c50, c51, 8), RegisterFold.AddHalves(c52, c53, 8), 4) : r4;
        T r01 = RegisterFold.AddHalves(r0, r1, 2), r23 = TRows.Value > 2 ? RegisterFold.AddHalves(r2, r3, 2) : r01;
        T.Store(RegisterFold.Turn(RegisterFold.AddHalves(r01, r23, 1)), ref sums, 0);
        if (TRows.Value <= 4) return;
        T r45 = RegisterFold.AddHalves(r4, r5, 2);
        T.Store(RegisterFold.Turn(RegisterFold.AddHalves(r45, r45, 1)), ref sums, TileShape.SumLanes);
    }

    /// <summary>Chooses the compiled shape for a tile of <typeparamref name="TRows"/> × <paramref name="columns"/> (1 to 4).</summary>
    public static void Run<T, TRows>(int columns, ref float a, in RowOffsets aRows, ref float b, nuint k, int whole, in InnerRests rests, ref float sums)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
    {
        switch (columns)
        {
            case 1: Run<T, TRows, One>(ref a, aRows, ref b, k, whole, rests, ref sums); break;
            case 2: Run<T, TRows, Two>(ref a, aRows, ref b, k, whole, rests, ref sums); break;
            case 3: Run<T, TRows, Three>(ref a, aRows, ref b, k, whole, rests, ref sums); break;
            default: Run<T, TRows, Four>(ref a, aRows, ref b, k, whole, rests, ref sums); break;
        }
    }
}

/// <summary>The last k mod 16 elements of a tile's rows, padded with zeros: A [rows×16], B [columns×16].</summary>
internal ref struct InnerRests
{
    public bool Exist;

    public ref float A;

    public ref float B;
}
