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
    private const int Lanes = TileShape.SumLanes;

    /// <summary>
    /// The product; the rows of a are those listed, or all m where the list is empty. A bias [n], unless it is empty, is added to each row of c, and with relu what
    /// is then below zero becomes zero, while the sums are at hand.
    /// </summary>
    public static void Run<T>(
        ReadOnlySpan<float> a, ReadOnlySpan<int> aRows, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, ReadOnlySpan<float> bias = default, bool relu = false)
        where T : struct, ILanes<T>
    {
        ref float a0 = ref MemoryMarshal.GetReference(a);
        ref float b0 = ref MemoryMarshal.GetReference(b);
        int row = 0;
        for (int block = 0; row < m; block++)
        {
            int rows = TileShape.BalancedBlock(m, TileShape.MaxRows, block);
            var offsets = aRows.IsEmpty ? RowOffsets.Strided(row, (nuint)k) : RowOffsets.Listed(aRows.Slice(row, rows), (nuint)k);
            ref float cTile = ref Unsafe.Add(ref MemoryMarshal.GetReference(c), (nint)row * n);
            switch (rows)
            {
                case 1: Rows<T, One>(ref a0, offsets, ref b0, ref cTile, n, k, bias, relu); break;
                case 2: Rows<T, Two>(ref a0, offsets, ref b0, ref cTile, n, k, bias, relu); break;
                case 3: Rows<T, Three>(ref a0, offsets, ref b0, ref cTile, n, k, bias, relu); break;
                case 4: Rows<T, Four>(ref a0, offsets, ref b0, ref cTile, n, k, bias, relu); break;
                case 5: Rows<T, Five>(ref a0, offsets, ref b0, ref cTile, n, k, bias, relu); break;
                default: Rows<T, Six>(ref a0, offsets, ref b0, ref cTile, n, k, bias, relu); break;
            }

            row += rows;
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T, TRows>(ref float a, in RowOffsets aRows, ref float b, ref float c, int n, int k, ReadOnlySpan<float> bias, bool relu)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
    {
        const int MaxOutputs = TileShape.MaxRows * TileShape.MaxVectors;
        Span<float> lanes = stackalloc float[MaxOutputs * Lanes], sums = stackalloc float[MaxOutputs];
        ref float lane0 = ref MemoryMarshal.GetReference(lanes);
        ref float sum0 = ref MemoryMarshal.GetReference(sums);

        // Balanced blocks have two lengths, one apart; their operands differ in nothing else.
        int maxColumns = TileShape.Vectors<T>(), blocks = (n + maxColumns - 1) / maxColumns, shorter = n / blocks, longerBlocks = n % blocks, column = 0;
        var longerOperands = new TileOperands { ARows = aRows, BVector = (nuint)k, CRow = (nuint)((shorter + 1) * Lanes), CVector = Lanes };
        var shorterOperands = new TileOperands { ARows = aRows, BVector = (nuint)k, CRow = (nuint)(shorter * Lanes), CVector = Lanes };
        for (int block = 0; block < blocks; block++)
        {
            bool longer = block < longerBlocks;
            int columns = longer ? shorter + 1 : shorter;
            SumTile<T, TRows>(ref a, ref Unsafe.Add(ref b, (nint)column * k), ref lane0, columns, k, longer ? ref longerOperands : ref shorterOperands);
            LaneFold.Fold(ref lane0, ref sum0, TRows.Value * columns);
            for (int i = 0; i < TRows.Value; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    float value = Unsafe.Add(ref sum0, i * columns + j);
                    if (!bias.IsEmpty) value += bias[column + j];
                    Unsafe.Add(ref c, (nint)i * n + column + j) = relu && value < 0f ? 0f : value;
                }
            }

            column += columns;
        }
    }

    // tile [rows × columns × 16] ← the products of rows of a and of b, lane by lane.
    private static void SumTile<T, TRows>(ref float a, ref float b, ref float tile, int columns, int k, in TileOperands operands)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
    {
        for (int lane = 0; lane < Lanes; lane += T.Width)
        {
            int steps = Math.Max(0, k - lane + Lanes - T.Width) / Lanes;

            // Rows shorter than 16 do not reach the later lanes: those stay 0, and no reference past a row's end is formed.
            int from = steps > 0 ? lane : 0;
            MicroKernel.Run<T, TRows, SumLanes>(columns, ref Unsafe.Add(ref a, from), ref Unsafe.Add(ref b, from), ref Unsafe.Add(ref tile, lane), steps, operands, 0f);
        }

        // The last k mod Width elements, in vectors as wide as fit.
        int p = k - k % T.Width;
        if (T.Width > Lanes256.Width) AddRest<Lanes256, TRows>(ref a, ref b, ref tile, ref p, columns, k, operands);
        if (T.Width > Lanes128.Width) AddRest<Lanes128, TRows>(ref a, ref b, ref tile, ref p, columns, k, operands);
        AddRest<Lanes1, TRows>(ref a, ref b, ref tile, ref p, columns, k, operands);
    }

    private static void AddRest<T, TRows>(ref float a, ref float b, ref float tile, ref int p, int columns, int k, in TileOperands operands)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
    {
        for (; p <= k - T.Width; p += T.Width)
            MicroKernel.Run<T, TRows, AddLanes>(columns, ref Unsafe.Add(ref a, p), ref Unsafe.Add(ref b, p), ref Unsafe.Add(ref tile, p % Lanes), 1, operands, 0f);
    }
}
