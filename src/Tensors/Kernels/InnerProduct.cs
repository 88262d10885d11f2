using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// a·bᵀ: both factors are rows of length k, so the sum's own axis is the contiguous one and is vectorised. Element p goes to virtual lane p mod 16 and each lane
/// sums in ascending p; a vector of Width lanes takes a group of them, 16/Width groups one after the other. <see cref="LaneFold"/> sums the lanes.
/// </summary>
internal static class InnerProduct
{
    private const int Lanes = TileShape.SumLanes, MaxOutputs = TileShape.MaxRows * TileShape.MaxVectors;

    [SkipLocalsInit]
    public static void Run<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k) where T : struct, ILanes<T>
    {
        ref float a0 = ref MemoryMarshal.GetReference(a);
        ref float b0 = ref MemoryMarshal.GetReference(b);
        int maxColumns = TileShape.Vectors<T>(), row = 0;
        Span<float> lanes = stackalloc float[MaxOutputs * Lanes], sums = stackalloc float[MaxOutputs];
        for (int rowBlock = 0; row < m; rowBlock++)
        {
            int rows = TileShape.BalancedBlock(m, TileShape.MaxRows, rowBlock), column = 0;
            for (int columnBlock = 0; column < n; columnBlock++)
            {
                int columns = TileShape.BalancedBlock(n, maxColumns, columnBlock), outputs = rows * columns;
                SumTile<T>(ref Unsafe.Add(ref a0, (nint)row * k), ref Unsafe.Add(ref b0, (nint)column * k), lanes[..(outputs * Lanes)], rows, columns, k);
                LaneFold.Fold(lanes, sums[..outputs]);
                for (int i = 0; i < rows; i++) sums.Slice(i * columns, columns).CopyTo(c[((row + i) * n + column)..]);
                column += columns;
            }

            row += rows;
        }
    }

    // tile [rows × columns × 16] ← the products of rows rows of a and columns rows of b, lane by lane.
    private static void SumTile<T>(ref float a, ref float b, Span<float> tile, int rows, int columns, int k) where T : struct, ILanes<T>
    {
        ref float tile0 = ref MemoryMarshal.GetReference(tile);
        var strides = new TileStrides((nuint)k, Lanes, (nuint)k, Lanes, (nuint)(columns * Lanes), Lanes);
        int blocks = k / Lanes, rest = k % Lanes;
        for (int lane = 0; lane < Lanes; lane += T.Width)
            MicroKernel.Run<T, SumLanes>(rows, columns, ref Unsafe.Add(ref a, lane), ref Unsafe.Add(ref b, lane), ref Unsafe.Add(ref tile0, lane), blocks, strides, 0f);
        if (rest > 0) AddRest<T>(ref Unsafe.Add(ref a, blocks * Lanes), ref Unsafe.Add(ref b, blocks * Lanes), ref tile0, rest, rows, columns, strides);
    }

    // The last rest < 16 elements: one step over lanes 0 to rest - 1, in vectors as wide as fit and no wider than T.
    private static void AddRest<T>(ref float a, ref float b, ref float tile, int rest, int rows, int columns, in TileStrides strides) where T : struct, ILanes<T>
    {
        int lane = 0;
        if (T.Width >= Lanes256.Width) AddRestOfWidth<Lanes256>(ref a, ref b, ref tile, ref lane, rest, rows, columns, strides);
        if (T.Width >= Lanes128.Width) AddRestOfWidth<Lanes128>(ref a, ref b, ref tile, ref lane, rest, rows, columns, strides);
        AddRestOfWidth<Lanes1>(ref a, ref b, ref tile, ref lane, rest, rows, columns, strides);
        Debug.Assert(lane == rest, "Some elements of the rest were not added.");
    }

    private static void AddRestOfWidth<T>(ref float a, ref float b, ref float tile, ref int lane, int rest, int rows, int columns, in TileStrides strides)
        where T : struct, ILanes<T>
    {
        for (; lane + T.Width <= rest; lane += T.Width)
            MicroKernel.Run<T, AddLanes>(rows, columns, ref Unsafe.Add(ref a, lane), ref Unsafe.Add(ref b, lane), ref Unsafe.Add(ref tile, lane), 1, strides, 0f);
    }
}
