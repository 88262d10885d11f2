using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// The one inner loop of all matrix products: a tile of Rows × Vectors accumulators, each a vector of lanes, summed over p.
/// <code>
///                      b: Vectors vectors, one step of p
///                      [ b0 ][ b1 ][ b2 ][ b3 ]
/// a: one step   a0     [c00 ][c01 ][c02 ][c03 ]     c[i,j] = MultiplyAdd(a[i], b[j], c[i,j])
/// of p for      a1     [c10 ][c11 ] ...
/// Rows rows     ...
/// </code>
/// Rows and Vectors are types, so each shape is compiled on its own, with the accumulators it has in registers. Each row of a, and each vector of b where these
/// are apart, has an address of its own, so that a step computes no address but the common index: at 256 bits the loop is bound by instructions decoded.
/// </summary>
internal static class MicroKernel
{
    // AggressiveOptimization: a process that trains for a tenth of a second would otherwise spend it in unoptimised code (recorded in benchmarks/results).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TRows, TVectors, TForm>(ref float a, ref float b, ref float c, int steps, in TileOperands operands, float alpha)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
        where TVectors : struct, ICount
        where TForm : struct, IProductForm
    {
        nuint aStep = operands.AStep, bStep = operands.BStep, cRow = operands.CRow, cVector = operands.CVector;
        ref int bRows = ref MemoryMarshal.GetReference(operands.BRows);
        T c00 = T.Zero, c01 = T.Zero, c02 = T.Zero, c03 = T.Zero;
        T c10 = T.Zero, c11 = T.Zero, c12 = T.Zero, c13 = T.Zero;
        T c20 = T.Zero, c21 = T.Zero, c22 = T.Zero, c23 = T.Zero;
        T c30 = T.Zero, c31 = T.Zero, c32 = T.Zero, c33 = T.Zero;
        T c40 = T.Zero, c41 = T.Zero, c42 = T.Zero, c43 = T.Zero;
        T c50 = T.Zero, c51 = T.Zero, c52 = T.Zero, c53 = T.Zero;

        c00 = TForm.Initial<T>(ref c, 0);
        if (TVectors.Value > 1) c01 = TForm.Initial<T>(ref c, cVector);
        if (TVectors.Value > 2) c02 = TForm.Initial<T>(ref c, 2 * cVector);
        if (TVectors.Value > 3) c03 = TForm.Initial<T>(ref c, 3 * cVector);
        if (TRows.Value > 1)
        {
            c10 = TForm.Initial<T>(ref c, cRow);
            if (TVectors.Value > 1) c11 = TForm.Initial<T>(ref c, cRow + cVector);
            if (TVectors.Value > 2) c12 = TForm.Initial<T>(ref c, cRow + 2 * cVector);
            if (TVectors.Value > 3) c13 = TForm.Initial<T>(ref c, cRow + 3 * cVector);
        }

        if (TRows.Value > 2)
        {
            c20 = TForm.Initial<T>(ref c, 2 * cRow);
            if (TVectors.Value > 1) c21 = TForm.Initial<T>(ref c, 2 * cRow + cVector);
            if (TVectors.Value > 2) c22 = TForm.Initial<T>(ref c, 2 * cRow + 2 * cVector);
            if (TVectors.Value > 3) c23 = TForm.Initial<T>(ref c, 2 * cRow + 3 * cVector);
        }

        if (TRows.Value > 3)
        {
            c30 = TForm.Initial<T>(ref c, 3 * cRow);
            if (TVectors.Value > 1) c31 = TForm.Initial<T>(ref c, 3 * cRow + cVector);
            if (TVectors.Value > 2) c32 = TForm.Initial<T>(ref c, 3 * cRow + 2 * cVector);
            if (TVectors.Value > 3) c33 = TForm.Initial<T>(ref c, 3 * cRow + 3 * cVector);
        }

        if (TRows.Value > 4)
        {
            c40 = TForm.Initial<T>(ref c, 4 * cRow);
            if (TVectors.Value > 1) c41 = TForm.Initial<T>(ref c, 4 * cRow + cVector);
            if (TVectors.Value > 2) c42 = TForm.Initial<T>(ref c, 4 * cRow + 2 * cVector);
            if (TVectors.Value > 3) c43 = TForm.Initial<T>(ref c, 4 * cRow + 3 * cVector);
        }

        if (TRows.Value > 5)
        {
            c50 = TForm.Initial<T>(ref c, 5 * cRow);
            if (TVectors.Value > 1) c51 = TForm.Initial<T>(ref c, 5 * cRow + cVector);
            if (TVectors.Value > 2) c52 = TForm.Initial<T>(ref c, 5 * cRow + 2 * cVector);
            if (TVectors.Value > 3) c53 = TForm.Initial<T>(ref c, 5 * cRow + 3 * cVector);
        }

        // A reference past the end of an array may not even be formed, so what the shape lacks refers to row 0.
        ref float a0 = ref Unsafe.Add(ref a, operands.ARows.Row0);
        ref float a1 = ref Unsafe.Add(ref a, TRows.Value > 1 ? operands.ARows.Row1 : 0);
        ref float a2 = ref Unsafe.Add(ref a, TRows.Value > 2 ? operands.ARows.Row2 : 0);
        ref float a3 = ref Unsafe.Add(ref a, TRows.Value > 3 ? operands.ARows.Row3 : 0);
        ref float a4 = ref Unsafe.Add(ref a, TRows.Value > 4 ? operands.ARows.Row4 : 0);
        ref float a5 = ref Unsafe.Add(ref a, TRows.Value > 5 ? operands.ARows.Row5 : 0);
        nuint ia = 0, ib = 0;
        for (int p = 0; p < steps; p++)
        {
            nuint at = TForm.IndexedB ? (nuint)Unsafe.Add(ref bRows, p) * bStep : ib;
            T y0 = T.Load(ref b, at), y1 = T.Zero, y2 = T.Zero, y3 = T.Zero;
            if (TVectors.Value > 1) y1 = T.Load(ref b, at + (nuint)T.Width);
            if (TVectors.Value > 2) y2 = T.Load(ref b, at + (nuint)(2 * T.Width));
            if (TVectors.Value > 3) y3 = T.Load(ref b, at + (nuint)(3 * T.Width));

            {
                T x = TForm.LoadA<T>(ref a0, ia);
                c00 = T.MultiplyAdd(x, y0, c00);
                if (TVectors.Value > 1) c01 = T.MultiplyAdd(x, y1, c01);
                if (TVectors.Value > 2) c02 = T.MultiplyAdd(x, y2, c02);
                if (TVectors.Value > 3) c03 = T.MultiplyAdd(x, y3, c03);
            }

            if (TRows.Value > 1)
            {
                T x = TForm.LoadA<T>(ref a1, ia);
                c10 = T.MultiplyAdd(x, y0, c10);
                if (TVectors.Value > 1) c11 = T.MultiplyAdd(x, y1, c11);
                if (TVectors.Value > 2) c12 = T.MultiplyAdd(x, y2, c12);
                if (TVectors.Value > 3) c13 = T.MultiplyAdd(x, y3, c13);
            }

            if (TRows.Value > 2)
            {
                T x = TForm.LoadA<T>(ref a2, ia);
                c20 = T.MultiplyAdd(x, y0, c20);
                if (TVectors.Value > 1) c21 = T.MultiplyAdd(x, y1, c21);
                if (TVectors.Value > 2) c22 = T.MultiplyAdd(x, y2, c22);
                if (TVectors.Value > 3) c23 = T.MultiplyAdd(x, y3, c23);
            }

            if (TRows.Value > 3)
            {
                T x = TForm.LoadA<T>(ref a3, ia);
                c30 = T.MultiplyAdd(x, y0, c30);
                if (TVectors.Value > 1) c31 = T.MultiplyAdd(x, y1, c31);
                if (TVectors.Value > 2) c32 = T.MultiplyAdd(x, y2, c32);
                if (TVectors.Value > 3) c33 = T.MultiplyAdd(x, y3, c33);
            }

            if (TRows.Value > 4)
            {
                T x = TForm.LoadA<T>(ref a4, ia);
                c40 = T.MultiplyAdd(x, y0, c40);
                if (TVectors.Value > 1) c41 = T.MultiplyAdd(x, y1, c41);
                if (TVectors.Value > 2) c42 = T.MultiplyAdd(x, y2, c42);
                if (TVectors.Value > 3) c43 = T.MultiplyAdd(x, y3, c43);
            }

            if (TRows.Value > 5)
            {
                T x = TForm.LoadA<T>(ref a5, ia);
                c50 = T.MultiplyAdd(x, y0, c50);
                if (TVectors.Value > 1) c51 = T.MultiplyAdd(x, y1, c51);
                if (TVectors.Value > 2) c52 = T.MultiplyAdd(x, y2, c52);
                if (TVectors.Value > 3) c53 = T.MultiplyAdd(x, y3, c53);
            }

            ia += aStep;
            ib += bStep;
        }

        T scale = T.Broadcast(alpha);
        ref float mask = ref operands.Mask;
        TForm.Finish(c00, ref c, 0, scale, ref mask);
        if (TVectors.Value > 1) TForm.Finish(c01, ref c, cVector, scale, ref mask);
        if (TVectors.Value > 2) TForm.Finish(c02, ref c, 2 * cVector, scale, ref mask);
        if (TVectors.Value > 3) TForm.Finish(c03, ref c, 3 * cVector, scale, ref mask);
        if (TRows.Value > 1)
        {
            TForm.Finish(c10, ref c, cRow, scale, ref mask);
            if (TVectors.Value > 1) TForm.Finish(c11, ref c, cRow + cVector, scale, ref mask);
            if (TVectors.Value > 2) TForm.Finish(c12, ref c, cRow + 2 * cVector, scale, ref mask);
            if (TVectors.Value > 3) TForm.Finish(c13, ref c, cRow + 3 * cVector, scale, ref mask);
        }

        if (TRows.Value > 2)
        {
            TForm.Finish(c20, ref c, 2 * cRow, scale, ref mask);
            if (TVectors.Value > 1) TForm.Finish(c21, ref c, 2 * cRow + cVector, scale, ref mask);
            if (TVectors.Value > 2) TForm.Finish(c22, ref c, 2 * cRow + 2 * cVector, scale, ref mask);
            if (TVectors.Value > 3) TForm.Finish(c23, ref c, 2 * cRow + 3 * cVector, scale, ref mask);
        }

        if (TRows.Value > 3)
        {
            TForm.Finish(c30, ref c, 3 * cRow, scale, ref mask);
            if (TVectors.Value > 1) TForm.Finish(c31, ref c, 3 * cRow + cVector, scale, ref mask);
            if (TVectors.Value > 2) TForm.Finish(c32, ref c, 3 * cRow + 2 * cVector, scale, ref mask);
            if (TVectors.Value > 3) TForm.Finish(c33, ref c, 3 * cRow + 3 * cVector, scale, ref mask);
        }

        if (TRows.Value > 4)
        {
            TForm.Finish(c40, ref c, 4 * cRow, scale, ref mask);
            if (TVectors.Value > 1) TForm.Finish(c41, ref c, 4 * cRow + cVector, scale, ref mask);
            if (TVectors.Value > 2) TForm.Finish(c42, ref c, 4 * cRow + 2 * cVector, scale, ref mask);
            if (TVectors.Value > 3) TForm.Finish(c43, ref c, 4 * cRow + 3 * cVector, scale, ref mask);
        }

        if (TRows.Value > 5)
        {
            TForm.Finish(c50, ref c, 5 * cRow, scale, ref mask);
            if (TVectors.Value > 1) TForm.Finish(c51, ref c, 5 * cRow + cVector, scale, ref mask);
            if (TVectors.Value > 2) TForm.Finish(c52, ref c, 5 * cRow + 2 * cVector, scale, ref mask);
            if (TVectors.Value > 3) TForm.Finish(c53, ref c, 5 * cRow + 3 * cVector, scale, ref mask);
        }
    }

    /// <summary>Chooses the compiled shape for a tile of <typeparamref name="TRows"/> × <paramref name="vectors"/> (1 to 4).</summary>
    public static void Run<T, TRows, TForm>(int vectors, ref float a, ref float b, ref float c, int steps, in TileOperands operands, float alpha)
        where T : struct, ILanes<T>
        where TRows : struct, ICount
        where TForm : struct, IProductForm
    {
        switch (vectors)
        {
            case 1: Run<T, TRows, One, TForm>(ref a, ref b, ref c, steps, operands, alpha); break;
            case 2: Run<T, TRows, Two, TForm>(ref a, ref b, ref c, steps, operands, alpha); break;
            case 3: Run<T, TRows, Three, TForm>(ref a, ref b, ref c, steps, operands, alpha); break;
            default: Run<T, TRows, Four, TForm>(ref a, ref b, ref c, steps, operands, alpha); break;
        }
    }
}
