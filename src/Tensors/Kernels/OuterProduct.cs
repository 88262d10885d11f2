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
    /// <summary>Whether c has columns enough for one vector of T; the caller takes the widest that fits, down to <see cref="Lanes1"/>, which always does.</summary>
    public static bool Fits<T>(int n) where T : struct, ILanes<T> => T.IsAccelerated && n >= T.Width;

    public static void Run<T, TForm>(ReadOnlySpan<float> a, nuint aRow, nuint aStep, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, float alpha)
        where T : struct, ILanes<T>
        where TForm : struct, IProductForm
    {
        Debug.Assert(n >= T.Width, "OuterProduct needs at least one vector of columns.");
        ref float a0 = ref MemoryMarshal.GetReference(a);
        ref float b0 = ref MemoryMarshal.GetReference(b);
        ref float c0 = ref MemoryMarshal.GetReference(c);
        int panel = TileShape.Vectors<T>() * T.Width, wholeVectors = n - n % T.Width;
        int row = 0;
        for (int block = 0; row < m; block++)
        {
            int rows = TileShape.BalancedBlock(m, TileShape.MaxRows, block);
            ref float aTile = ref Unsafe.Add(ref a0, (nuint)row * aRow);
            ref float cTile = ref Unsafe.Add(ref c0, (nuint)row * (nuint)n);
            var strides = new TileStrides(aRow, aStep, (nuint)T.Width, (nuint)n, (nuint)n, (nuint)T.Width);
            for (int column = 0; column < wholeVectors; column += panel)
            {
                int vectors = Math.Min(panel, wholeVectors - column) / T.Width;
                MicroKernel.Run<T, TForm>(rows, vectors, ref aTile, ref Unsafe.Add(ref b0, column), ref Unsafe.Add(ref cTile, column), k, strides, alpha);
            }

            if (wholeVectors < n) LastColumns<T, TForm>(rows, ref aTile, ref Unsafe.Add(ref b0, n - T.Width), ref cTile, n, n - wholeVectors, k, strides, alpha);
            row += rows;
        }
    }

    // The last n mod Width columns: one vector that ends at column n and overlaps columns already done. Their sums go to a scratch tile, and only the new
    // columns are brought from there to c, one by one.
    private static void LastColumns<T, TForm>(int rows, ref float a, ref float bLast, ref float c, int n, int columns, int k, in TileStrides strides, float alpha)
        where T : struct, ILanes<T>
        where TForm : struct, IProductForm
    {
        Span<float> sums = stackalloc float[TileShape.MaxRows * TileShape.SumLanes];
        ref float s0 = ref MemoryMarshal.GetReference(sums);
        MicroKernel.Run<T, Overwrite>(rows, 1, ref a, ref bLast, ref s0, k, strides with { CRow = (nuint)T.Width }, alpha);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = sums[i * T.Width + T.Width - columns + j];
                ref float target = ref Unsafe.Add(ref c, i * n + n - columns + j);
                target = typeof(TForm) == typeof(AddScaledSum)
                    ? Lanes1.MultiplyAdd(new Lanes1(alpha), new Lanes1(sum) + Lanes1.Zero, new Lanes1(target)).Value
                    : sum;
            }
        }
    }
}
