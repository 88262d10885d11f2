using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// Softmax of up to 16 short rows with a row in each lane.
/// <code>
/// x [rows×classes]        turned [classes×16]
/// r0: c0 c1 c2 ...        c0: r0 r1 r2 ... r15     one vector (or 2, 4, 16 of them) a class:
/// r1: c0 c1 c2 ...        c1: r0 r1 r2 ... r15     maximum, e^(x - max) and sum run down the classes
/// </code>
/// </summary>
internal static class TurnedSoftmax
{
    private const int Lanes = SoftmaxRows.GroupRows;

    /// <summary>As <see cref="SoftmaxRows.Normalize{T}"/>.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize<T>(Span<float> x, int rows, int classCount, float factor, Span<float> maxima, Span<float> sums) where T : struct, ILanes<T>
    {
        Debug.Assert(rows is > 0 and <= Lanes && x.Length >= rows * classCount && maxima.Length >= Lanes && sums.Length >= Lanes, "A group is up to 16 rows.");
        ref float turned = ref MemoryMarshal.GetReference(stackalloc float[32 * Lanes]);
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float max0 = ref MemoryMarshal.GetReference(maxima);
        ref float sum0 = ref MemoryMarshal.GetReference(sums);
        Turn(ref x0, ref turned, rows, classCount);
        for (int lane = 0; lane < rows; lane += T.Width)
        {
            T max = T.Broadcast(float.NegativeInfinity);
            for (int c = 0; c < classCount; c++)
            {
                T value = T.Load(ref turned, (nuint)(c * Lanes + lane));
                max = T.SelectLess(max, value, value, max);
            }

            T sum = T.Zero;
            for (int c = 0; c < classCount; c++)
            {
                T e = Elementary.Exp(T.Load(ref turned, (nuint)(c * Lanes + lane)) - max);
                T.Store(e, ref turned, (nuint)(c * Lanes + lane));
                sum += e;
            }

            T.Store(max, ref max0, (nuint)lane);
            T.Store(sum, ref sum0, (nuint)lane);
            if (factor == 0f) continue;
            T scale = T.Broadcast(factor) / sum;
            for (int c = 0; c < classCount; c++) T.Store(T.Load(ref turned, (nuint)(c * Lanes + lane)) * scale, ref turned, (nuint)(c * Lanes + lane));
        }

        if (factor != 0f) TurnBack(ref turned, ref x0, rows, classCount);
    }

    // Lanes without a row are made zeros: what they hold is computed on, and garbage might be subnormal, which some processors are slow at.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(ref float x, ref float turned, int rows, int classCount)
    {
        for (int c = 0; c < classCount; c++)
        {
            ref float target = ref Unsafe.Add(ref turned, c * Lanes);
            for (int r = 0; r < rows; r++) Unsafe.Add(ref target, r) = Unsafe.Add(ref x, r * classCount + c);
            for (int r = rows; r < Lanes; r++) Unsafe.Add(ref target, r) = 0f;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnBack(ref float turned, ref float x, int rows, int classCount)
    {
        for (int r = 0; r < rows; r++)
        {
            ref float target = ref Unsafe.Add(ref x, r * classCount);
            for (int c = 0; c < classCount; c++) Unsafe.Add(ref target, c) = Unsafe.Add(ref turned, c * Lanes + r);
        }
    }
}
