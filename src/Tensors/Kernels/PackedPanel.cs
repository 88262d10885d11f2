using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// A panel of b side by side. In b a panel's rows are n floats apart; where that is a multiple of 1 KiB they share a handful of cache sets, and each block of
/// rows of c fetches the panel from far away again.
/// </summary>
internal static class PackedPanel
{
    // Between blocks, so that these do not start at the same place of a page where k is a power of two.
    private const int BlockGap = 5 * 16;

    // A square of floats that is turned in registers, and the steps of the sum taken from a row before the next: one cache line.
    private const int TurnedBlock = 8, TurnedSteps = 16;

    // Steps of the sum that are copied together: as many lines that may share a set of the first-level cache.
    private const int CopiedSteps = 8;

    /// <summary>packed [k×panel] ← b [k×n] at columns column to column + panel.</summary>
    public static void Copy(ReadOnlySpan<float> b, int n, int column, int panel, Span<float> packed)
    {
        for (; !packed.IsEmpty; packed = packed[panel..])
        {
            b.Slice(column, panel).CopyTo(packed);
            column += n;
        }
    }

    /// <summary>packed [k×panel] ← the transpose of the first panel rows of b [panel×k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(ReadOnlySpan<float> b, int panel, int k, Span<float> packed)
    {
        ref float source = ref MemoryMarshal.GetReference(b[..(panel * k)]);
        ref float target = ref MemoryMarshal.GetReference(packed[..(panel * k)]);
        int turnedRows = Avx.IsSupported ? panel - panel % TurnedBlock : 0, turnedSteps = turnedRows > 0 ? k - k % TurnedBlock : 0;
        for (int start = 0; start < turnedSteps; start += TurnedSteps)
        {
            int end = Math.Min(start + TurnedSteps, turnedSteps);
            for (int row = 0; row < turnedRows; row += TurnedBlock)
            {
                for (int p = start; p < end; p += TurnedBlock)
                    TurnBlock(ref Unsafe.Add(ref source, (nint)row * k + p), k, ref Unsafe.Add(ref target, (nint)p * panel + row), panel);
            }
        }

        for (int row = 0; row < panel; row++)
        {
            for (int p = row < turnedRows ? turnedSteps : 0; p < k; p++) packed[p * panel + row] = b[row * k + p];
        }
    }

    /// <summary>
    /// packed ← rows of a in the blocks of a tile, one after the other, each [k×rows of the block]: a step of the sum has its rows side by side. Element (i, p)
    /// of a lies at i·<paramref name="aRow"/> + p·<paramref name="aStep"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyBlocks(ReadOnlySpan<float> a, nuint aRow, nuint aStep, int m, int k, Span<float> packed)
    {
        ref float source = ref MemoryMarshal.GetReference(a);
        ref float target = ref MemoryMarshal.GetReference(packed);
        Debug.Assert(aRow == 1 && packed.Length >= BlocksLength(m, k), "The rows of a transposed factor are neighbours.");
        int blocks = (m + TileShape.MaxRows - 1) / TileShape.MaxRows, shorter = m / blocks, longerBlocks = m % blocks;
        for (int start = 0; start < k; start += CopiedSteps)
        {
            int end = Math.Min(start + CopiedSteps, k), row = 0;
            for (int block = 0; block < blocks; block++)
            {
                int rows = block < longerBlocks ? shorter + 1 : shorter;
                ref float to = ref Unsafe.Add(ref target, BlockStart(row, block, k) + (nuint)(start * rows));
                ref float from = ref Unsafe.Add(ref source, (nuint)start * aStep + (nuint)row);
                for (int p = start; p < end; p++)
                {
                    // Eight at once: the next step, or the gap after the block, takes those too many; only the last rows of a have no eight.
                    if (row <= m - 8) Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
                    else for (int i = 0; i < rows; i++) Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
                    if (p == k - 1) break;
                    from = ref Unsafe.Add(ref from, aStep);
                    to = ref Unsafe.Add(ref to, rows);
                }

                row += rows;
            }
        }
    }

    // 8 rows of 8 floats to their transpose: halves of two rows are loaded into one vector, then pairs and pairs of pairs are interleaved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnBlock(ref float source, nint sourceRow, ref float target, nint targetRow)
    {
        for (int half = 0; half < 2; half++)
        {
            var r04 = Rows(ref source, 0, 4 * sourceRow);
            var r15 = Rows(ref source, sourceRow, 5 * sourceRow);
            var r26 = Rows(ref source, 2 * sourceRow, 6 * sourceRow);
            var r37 = Rows(ref source, 3 * sourceRow, 7 * sourceRow);
            Vector256<float> low01 = Avx.UnpackLow(r04, r15), high01 = Avx.UnpackHigh(r04, r15), low23 = Avx.UnpackLow(r26, r37),
                high23 = Avx.UnpackHigh(r26, r37);
            Avx.Shuffle(low01, low23, 0b01_00_01_00).StoreUnsafe(ref target);
            Avx.Shuffle(low01, low23, 0b11_10_11_10).StoreUnsafe(ref Unsafe.Add(ref target, targetRow));
            Avx.Shuffle(high01, high23, 0b01_00_01_00).StoreUnsafe(ref Unsafe.Add(ref target, 2 * targetRow));
            Avx.Shuffle(high01, high23, 0b11_10_11_10).StoreUnsafe(ref Unsafe.Add(ref target, 3 * targetRow));
            source = ref Unsafe.Add(ref source, 4);
            target = ref Unsafe.Add(ref target, 4 * targetRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows(ref float source, nint lower, nint upper) =>
        Vector256.Create(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, lower)), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, upper)));

    /// <summary>Where the block that starts at a row lies in what <see cref="CopyBlocks"/> leaves.</summary>
    public static nuint BlockStart(int row, int block, int k) => (nuint)row * (nuint)k + (nuint)block * BlockGap;

    /// <summary>Floats that <see cref="CopyBlocks"/> needs.</summary>
    public static int BlocksLength(int m, int k) => m * k + (m / TileShape.MaxRows + 1) * BlockGap;
}
