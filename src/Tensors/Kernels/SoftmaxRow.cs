using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// One row of a softmax: e^(x - max) and its sum. Element j belongs to virtual lane j mod 16; the last, incomplete block of 16 is worked on in a buffer padded
/// with -∞, whose exponentials are 0 and leave the sum as it is.
/// </summary>
internal static class SoftmaxRow
{
    public const int Block = TileShape.SumLanes;

    /// <summary>row[j] ← e^(row[j] - max); returns the sum of them. The maximum is over the elements that are not NaN; a NaN makes the sum NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentiate<T>(Span<float> row, out float max) where T : struct, ILanes<T>
    {
        int whole = row.Length - row.Length % Block;
        Span<float> tail = stackalloc float[Block];
        tail.Fill(float.NegativeInfinity);
        row[whole..].CopyTo(tail);
        ref float row0 = ref MemoryMarshal.GetReference(row);
        ref float tail0 = ref MemoryMarshal.GetReference(tail);

        T largest = T.Broadcast(float.NegativeInfinity);
        for (int j = 0; j < whole; j += T.Width) largest = Max(largest, T.Load(ref row0, (nuint)j));
        for (int j = 0; j < Block; j += T.Width) largest = Max(largest, T.Load(ref tail0, (nuint)j));
        Span<float> lanes = stackalloc float[Block];
        ref float lane0 = ref MemoryMarshal.GetReference(lanes);
        T.Store(largest, ref lane0, 0);
        max = float.NegativeInfinity;
        for (int j = 0; j < T.Width; j++) max = max < lanes[j] ? lanes[j] : max;

        T shift = T.Broadcast(max);
        for (int lane = 0; lane < Block; lane += T.Width)
        {
            T sum = T.Zero;
            for (int j = lane; j < whole; j += Block)
            {
                T e = Elementary.Exp(T.Load(ref row0, (nuint)j) - shift);
                T.Store(e, ref row0, (nuint)j);
                sum += e;
            }

            T last = Elementary.Exp(T.Load(ref tail0, (nuint)lane) - shift);
            T.Store(last, ref tail0, (nuint)lane);
            T.Store(sum + last, ref lane0, (nuint)lane);
        }

        tail[..(row.Length - whole)].CopyTo(row[whole..]);
        return LaneFold.FoldOne(ref lane0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Max<T>(T x, T y) where T : struct, ILanes<T> => T.SelectLess(x, y, y, x);
}
