using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// e^(x - max)·factor/Σ for up to 16 rows at a time. Rows of up to 32 classes are turned, so that lanes run over the rows and ten classes fill whole vectors;
/// longer ones are taken one by one, with lanes along the classes. Which of the two depends on the class count alone.
/// </summary>
internal static class SoftmaxRows
{
    /// <summary>Rows of a group: the lanes of the widest vector.</summary>
    public const int GroupRows = 16;

    // Turning a row costs a load and a store an element, which its vectors win back up to about here; beyond, whole vectors of classes are as good.
    private const int MaxTurnedClasses = 32;

    /// <summary>
    /// Replaces each row of x by factor·softmax(row), unless factor is 0, which leaves x without meaning; writes each row's maximum, over the elements that are
    /// not NaN, and its sum of e^(x - max). x [rows×classCount], maxima and sums [16], of which the first rows are meant.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize<T>(Span<float> x, int rows, int classCount, float factor, Span<float> maxima, Span<float> sums) where T : struct, ILanes<T>
    {
        if (classCount <= MaxTurnedClasses)
        {
            TurnedSoftmax.Normalize<T>(x, rows, classCount, factor, maxima, sums);
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            var row = x.Slice(i * classCount, classCount);
            sums[i] = SoftmaxRow.Exponentiate<T>(row, out maxima[i]);
            if (factor != 0f) Vectors.Scale(factor / sums[i], row);
        }
    }

    /// <summary>sums[i] ← ln sums[i] for the first rows of 16; what lies beyond them is scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Log<T>(Span<float> sums, int rows) where T : struct, ILanes<T>
    {
        ref float sum0 = ref MemoryMarshal.GetReference(sums);
        for (int i = 0; i < rows; i += T.Width) T.Store(Elementary.Log(T.Load(ref sum0, (nuint)i)), ref sum0, (nuint)i);
    }
}
