using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// a·bᵀ: both factors are rows of length k, so the sum's own axis is the contiguous one and is vectorised. Element p goes to virtual lane p mod 16 and each
/// lane sums in ascending p, over rows padded with zeros to a multiple of 16; a vector of Width lanes takes a group of them, 16/Width groups one after the
/// other. <see cref="LaneFold"/> sums the lanes.
/// </summary>
internal static class InnerProduct
{
    private const int Lanes = TileShape.SumLanes, MaxOutputs = TileShape.MaxRows * TileShape.MaxVectors;

    /// <summary>
    /// The product; the rows of a are those listed, or all m where the list is empty. A bias [n], unless it is empty, is added to each row of c, and with relu
    /// what is then below zero becomes zero, while the sums are at hand.
    /// </summary>
    [SkipLocalsInit]
    public static void Run<T>(
        ReadOnlySpan<float> a, ReadOnlySpan<int> aRows, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, ReadOnlySpan<float> bias = default,
        bool relu = false)
        where T : struct, ILanes<T>
    {
        Span<float> aRest = stackalloc float[TileShape.MaxRows * Lanes], bRest = stackalloc float[TileShape.InnerColumns * Lanes];
        ref float a0 = ref MemoryMarshal.GetReference(a);
        int rest = k % Lanes, aBlocks = (m + TileShape.MaxRows - 1) / TileShape.MaxRows, shorter = m / aBlocks, longerBlocks = m % aBlocks;
        if (rest > 0)
        {
            aRest.Clear();
            bRest.Clear();
        }

        for (int column = 0; column < n; column += TileShape.InnerColumns)
        {
            int columns = Math.Min(TileShape.InnerColumns, n - column), row = 0;
            ref float b0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(b), (nint)column * k);
            for (int i = 0; rest > 0 && i < columns; i++) CopyRest(ref b0, (nuint)i * (nuint)k, k, rest, bRest[(i * Lanes)..]);
            var output = new InnerOutput(c, n, column, bias, relu);
            for (int block = 0; block < aBlocks; block++)
            {
                int rows = block < longerBlocks ? shorter + 1 : shorter;
                var offsets = aRows.IsEmpty ? RowOffsets.From((nuint)row * (nuint)k, (nuint)k) : RowOffsets.Listed(aRows.Slice(row, rows), (nuint)k);
                for (int i = 0; rest > 0 && i < rows; i++) CopyRest(ref a0, offsets.Row(i), k, rest, aRest[(i * Lanes)..]);
                switch (rows)
                {
                    case 1: Rows<T, One>(ref a0, offsets, aRest, ref b0, bRest, columns, k, row, output); break;
                    case 2: Rows<T, Two>(ref a0, offsets, aRest, ref b0, bRest, columns, k, row, output); break;
                    case 3: Rows<T, Three>(ref a0, offsets, aRest, ref b0, bRest, columns, k, row, output); break;
                    case 4: Rows<T, Four>(ref a0, offsets, aRest, ref b0, bRest, columns, k, row, output); break;
                    case 5: Rows<T, Five>(ref a0, offsets, aRest, ref b0, bRest, columns, k, row, output); break;
                    default: Rows<T, Six>(ref a0, offsets, aRest, ref b0, bRest, columns, k, row, output); break;
                }

                row += rows;
            }
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T, TRows>(
        ref float a, in RowOffsets aRows, ReadOnlySpan<float> aRest, ref float b, ReadOnlySpan<float> bRest, int n, int k, int row, in InnerOutput output)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
    {
        Span<float> lanes = stackalloc float[T.Width == Lanes ? 1 : MaxOutputs * Lanes], sums = stackalloc float[2 * Lanes];
        ref float lane0 = ref MemoryMarshal.GetReference(lanes);
        ref float sum0 = ref MemoryMarshal.GetReference(sums);
        int maxColumns = TileShape.Vectors<T>(), blocks = (n + maxColumns - 1) / maxColumns, shorter = n / blocks, longerBlocks = n % blocks, column = 0;
        var rests = new InnerRests { Exist = k % Lanes != 0 };
        for (int block = 0; block < blocks; block++)
        {
            int columns = block < longerBlocks ? shorter + 1 : shorter;
            for (int lane = 0; lane < Lanes; lane += T.Width)
            {
                // Rows shorter than 16 have no whole vectors, and no reference past their end is formed.
                int from = k >= Lanes ? lane : 0;
                rests.A = ref Unsafe.Add(ref MemoryMarshal.GetReference(aRest), lane);
                rests.B = ref Unsafe.Add(ref MemoryMarshal.GetReference(bRest), column * Lanes + lane);
                ref float target = ref sum0;
                if (T.Width < Lanes) target = ref Unsafe.Add(ref lane0, lane);
                InnerKernel.Run<T, TRows>(
                    columns, ref Unsafe.Add(ref a, from), aRows, ref Unsafe.Add(ref b, (nint)column * k + from), (nuint)k, k / Lanes, rests, ref target);
            }

            if (T.Width < Lanes) LaneFold.Fold<T>(ref lane0, ref sum0, TRows.Value * columns);
            output.Store(ref sum0, T.Width == Lanes ? TileShape.MaxVectors : columns, row, TRows.Value, column, columns);
            column += columns;
        }
    }

    // The last elements of a row of k, to a row of 16 that holds zeros beyond them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRest(ref float source, nuint row, int k, int rest, Span<float> target)
    {
        ref float from = ref Unsafe.Add(ref source, row + (nuint)(k - rest));
        ref float to = ref MemoryMarshal.GetReference(target);
        for (; rest >= Quad.Count; rest -= Quad.Count)
        {
            Quad.Store(Quad.Load(ref from, Quad.Count), ref to, Quad.Count);
            from = ref Unsafe.Add(ref from, Quad.Count);
            to = ref Unsafe.Add(ref to, Quad.Count);
        }

        if (rest > 0) Quad.Store(Quad.Load(ref from, rest), ref to, rest);
    }
}
