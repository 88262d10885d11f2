using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// From 16 virtual lanes to one sum, in one fixed order at every width: lane l with l + 8, then l + 4, l + 2, l + 1. Folding one output at a time takes about
/// as long as its products when k is small, so x64 folds eight at a time, by shuffles that bring the same step of eight outputs into one vector. Vectors of 16
/// lanes never get here: <see cref="RegisterFold"/> folds them.
/// </summary>
internal static class LaneFold
{
    /// <summary>Outputs that are folded together: lanes and sums have room for a whole number of groups.</summary>
    public const int Group = 8;

    /// <summary>Virtual lanes of a sum.</summary>
    public const int Lanes = TileShape.SumLanes;

    /// <summary>sums[i] ← the sum of lanes[16·i .. 16·i + 16) for i below count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold<T>(ref float lanes, ref float sums, int count) where T : struct, ILanes<T>
    {
        int i = 0;
        if (T.Width >= 8 && Avx.IsSupported)
        {
            for (; i < count; i += Group) FoldEight(ref Unsafe.Add(ref lanes, i * Lanes)).StoreUnsafe(ref sums, (nuint)i);
        }

        for (; i < count; i++) Unsafe.Add(ref sums, i) = FoldOne(ref Unsafe.Add(ref lanes, i * Lanes));
    }

    /// <summary>The sum of the 16 lanes from <paramref name="lanes"/> on.</summary>
    public static float FoldOne(ref float lanes)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            var v4 = (Vector128.LoadUnsafe(ref lanes) + Vector128.LoadUnsafe(ref lanes, 8))
                + (Vector128.LoadUnsafe(ref lanes, 4) + Vector128.LoadUnsafe(ref lanes, 12));
            var v2 = v4 + Vector128.Shuffle(v4, Vector128.Create(2, 3, 0, 1));
            return v2[0] + v2[1];
        }

        Span<float> v = stackalloc float[Lanes];
        MemoryMarshal.CreateReadOnlySpan(ref lanes, Lanes).CopyTo(v);
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int l = 0; l < half; l++) v[l] += v[l + half];
        }

        return v[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FoldEight(ref float lanes)
    {
        // After each line a vector holds, for the outputs named, the lanes that are left: 4 of two outputs, 2 of four, 1 of eight.
        var v01 = FoldPair(ref lanes, 0);
        var v23 = FoldPair(ref lanes, 2);
        var v45 = FoldPair(ref lanes, 4);
        var v67 = FoldPair(ref lanes, 6);
        var v0213 = Avx.Shuffle(v01, v23, 0b01_00_01_00) + Avx.Shuffle(v01, v23, 0b11_10_11_10);
        var v4657 = Avx.Shuffle(v45, v67, 0b01_00_01_00) + Avx.Shuffle(v45, v67, 0b11_10_11_10);
        var v02461357 = Avx.Shuffle(v0213, v4657, 0b10_00_10_00) + Avx.Shuffle(v0213, v4657, 0b11_01_11_01);
        Vector128<float> even = v02461357.GetLower(), odd = v02461357.GetUpper();
        return Vector256.Create(Sse.UnpackLow(even, odd), Sse.UnpackHigh(even, odd));
    }

    // 16 lanes of outputs i and i + 1 to 4 of each: i in the lower half, i + 1 in the upper.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FoldPair(ref float lanes, int i)
    {
        nuint at = (nuint)(i * Lanes);
        var first = Vector256.LoadUnsafe(ref lanes, at) + Vector256.LoadUnsafe(ref lanes, at + 8);
        var second = Vector256.LoadUnsafe(ref lanes, at + Lanes) + Vector256.LoadUnsafe(ref lanes, at + Lanes + 8);
        return Avx.Permute2x128(first, second, 0x20) + Avx.Permute2x128(first, second, 0x31);
    }
}
