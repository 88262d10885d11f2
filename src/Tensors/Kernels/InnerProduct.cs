using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// a·bᵀ: both factors are rows of length k, so the sum's own axis is the contiguous one and is vectorised. Element p goes to virtual lane p mod 16 and each lane
/// sums in ascending p; a vector of Width lanes takes a group of them, 16/Width groups one after the other. The fold is (l, l+8), (l, l+4), (l, l+2), (l, l+1).
/// </summary>
internal static class InnerProduct
{
    private const int MaxOutputs = TileShape.MaxRows * TileShape.MaxVectors;

    public static void Run<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k) where T : struct, ILanes<T>
    {
        ref float a0 = ref MemoryMarshal.GetReference(a);
        ref float b0 = ref MemoryMarshal.GetReference(b);
        int maxColumns = TileShape.Vectors<T>();
        Span<float> lanes = stackalloc float[MaxOutputs * TileShape.SumLanes];
        int row = 0;
        for (int rowBlock = 0; row < m; rowBlock++)
        {
            int rows = TileShape.BalancedBlock(m, TileShape.MaxRows, rowBlock), column = 0;
            for (int columnBlock = 0; column < n; columnBlock++)
            {
                int columns = TileShape.BalancedBlock(n, maxColumns, columnBlock);
                var tile = lanes[..(rows * columns * TileShape.SumLanes)];
                tile.Clear();
                SumTile<T>(ref Unsafe.Add(ref a0, (nint)row * k), ref Unsafe.Add(ref b0, (nint)column * k), tile, rows, columns, k);
                for (int i = 0; i < rows; i++)
                {
                    var output = c.Slice((row + i) * n + column, columns);
                    for (int j = 0; j < columns; j++) output[j] = Fold(ref tile[(i * columns + j) * TileShape.SumLanes]);
                }

                column += columns;
            }

            row += rows;
        }
    }

    // tile[rows × columns × 16] += the products of rows rows of a and columns rows of b, lane by lane.
    private static void SumTile<T>(ref float a, ref float b, Span<float> tile, int rows, int columns, int k) where T : struct, ILanes<T>
    {
        ref float tile0 = ref MemoryMarshal.GetReference(tile);
        const nuint Lanes = TileShape.SumLanes;
        var strides = new TileStrides((nuint)k, Lanes, (nuint)k, Lanes, (nuint)columns * Lanes, Lanes);
        for (int lane = 0; lane < TileShape.SumLanes && lane < k; lane += T.Width)
        {
            int steps = (k - lane + TileShape.SumLanes - T.Width) / TileShape.SumLanes, rest = k - lane - steps * TileShape.SumLanes;
            if (steps > 0)
                MicroKernel.Run<T, AccumulateLanes>(rows, columns, ref Unsafe.Add(ref a, lane), ref Unsafe.Add(ref b, lane), ref Unsafe.Add(ref tile0, lane), steps, strides, 0f);
            if (rest > 0) SumPartialVector<T>(ref Unsafe.Add(ref a, k - rest), ref Unsafe.Add(ref b, k - rest), ref Unsafe.Add(ref tile0, lane), rest, rows, columns, k, strides);
        }
    }

    // The last rest < Width elements, as vectors padded with zeros. A padded lane adds 0·0, which changes nothing but the sign of a zero; Fold settles that.
    private static void SumPartialVector<T>(ref float a, ref float b, ref float tile, int rest, int rows, int columns, int k, in TileStrides strides) where T : struct, ILanes<T>
    {
        Span<float> padded = stackalloc float[(TileShape.MaxRows + TileShape.MaxVectors) * TileShape.SumLanes];
        padded.Clear();
        for (int i = 0; i < rows; i++)
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref a, (nint)i * k), rest).CopyTo(padded[(i * TileShape.SumLanes)..]);
        for (int j = 0; j < columns; j++)
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref b, (nint)j * k), rest).CopyTo(padded[((rows + j) * TileShape.SumLanes)..]);
        ref float a0 = ref MemoryMarshal.GetReference(padded);
        MicroKernel.Run<T, AccumulateLanes>(
            rows, columns, ref a0, ref Unsafe.Add(ref a0, rows * TileShape.SumLanes), ref tile, 1, strides with { ARow = TileShape.SumLanes, BVector = TileShape.SumLanes }, 0f);
    }

    /// <summary>Sums 16 lanes in the fixed order; + 0 makes a sum of zeros +0 whatever their signs.</summary>
    public static float Fold(ref float lanes)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            var v4 = (Vector128.LoadUnsafe(ref lanes) + Vector128.LoadUnsafe(ref lanes, 8)) + (Vector128.LoadUnsafe(ref lanes, 4) + Vector128.LoadUnsafe(ref lanes, 12));
            var v2 = v4 + Vector128.Shuffle(v4, Vector128.Create(2, 3, 0, 1));
            return v2[0] + v2[1] + 0f;
        }

        Span<float> v = stackalloc float[TileShape.SumLanes];
        MemoryMarshal.CreateReadOnlySpan(ref lanes, TileShape.SumLanes).CopyTo(v);
        for (int half = TileShape.SumLanes / 2; half > 0; half /= 2)
        {
            for (int l = 0; l < half; l++) v[l] += v[l + half];
        }

        return v[0] + 0f;
    }
}
