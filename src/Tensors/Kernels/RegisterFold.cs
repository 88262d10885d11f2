using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// The fold of <see cref="LaneFold"/> for vectors of 16 lanes, in registers. Each step brings the halves of two vectors into one: 16 outputs take 15 steps of
/// three instructions, instead of 9 instructions an output and a way through memory.
/// </summary>
internal static class RegisterFold
{
    /// <summary>
    /// x and y hold groups of 2·<paramref name="distance"/> lanes; of each group this leaves the sums of lane l and lane l + distance, those of x before those
    /// of y, at distances 2 and 1 within each quarter of the vector. The distance is 8, 4, 2, 1 in turn.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AddHalves<T>(T x, T y, int distance) where T : struct, ILanes<T>
    {
        Vector512<float> a = Unsafe.BitCast<T, Vector512<float>>(x), b = Unsafe.BitCast<T, Vector512<float>>(y);
        if (!Avx512F.IsSupported) return Unsafe.BitCast<Vector512<float>, T>(AddHalvesInSoftware(a, b, distance));
        return Unsafe.BitCast<Vector512<float>, T>(distance switch
        {
            8 => Avx512F.Shuffle4x128(a, b, 0b01_00_01_00) + Avx512F.Shuffle4x128(a, b, 0b11_10_11_10),
            4 => Avx512F.Shuffle4x128(a, b, 0b10_00_10_00) + Avx512F.Shuffle4x128(a, b, 0b11_01_11_01),
            2 => Avx512F.Shuffle(a, b, 0b01_00_01_00) + Avx512F.Shuffle(a, b, 0b11_10_11_10),
            _ => Avx512F.Shuffle(a, b, 0b10_00_10_00) + Avx512F.Shuffle(a, b, 0b11_01_11_01),
        });
    }

    /// <summary>What four steps leave of four rows and four columns, [columns×rows], as [rows×columns].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Turn<T>(T folded) where T : struct, ILanes<T> => Unsafe.BitCast<Vector512<float>, T>(
        Vector512.Shuffle(Unsafe.BitCast<T, Vector512<float>>(folded), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)));

    // The same order of groups, of the whole vector or within each quarter: for the tests on a machine without AVX-512.
    private static Vector512<float> AddHalvesInSoftware(Vector512<float> a, Vector512<float> b, int distance)
    {
        Span<float> lanes = stackalloc float[32], sums = stackalloc float[16];
        a.CopyTo(lanes);
        b.CopyTo(lanes[16..]);
        int piece = distance >= 4 ? 16 : 4, target = 0;
        for (int start = 0; start < 16; start += piece)
        {
            for (int group = 0; group < 2 * piece; group += 2 * distance)
            {
                int from = start + (group < piece ? group : 16 + group - piece);
                for (int l = from; l < from + distance; l++) sums[target++] = lanes[l] + lanes[l + distance];
            }
        }

        return Vector512.Create<float>(sums);
    }
}
