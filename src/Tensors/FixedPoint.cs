using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FedPure.Tensors;

/// <summary>
/// Order-independent weighted sums. A product p = weight·value is split into two integers, h = rint(p·2^20) and l = rint((p - h·2^-20)·2^60), and integers add
/// to the same total in any order, grouping or number of workers. For |p| &lt; 2^31 and up to 2^23 terms |h| ≤ 2^51 and |l| ≤ 2^39 a term, so neither total
/// leaves 64 bits as long as Σ⌈|p|⌉ &lt; 2^43. The split is exact for integer weights up to 2^29 and values that are 0 or at least 2^-37; other products are
/// rounded once, to a multiple of 2^-60.
/// </summary>
public static class FixedPoint
{
    /// <summary>A product of this size or more cannot be added: 2^31.</summary>
    public const double ProductLimit = 2147483648.0;

    /// <summary>
    /// The sum of the products' sizes, each rounded up to an integer, must stay below this: 2^43. Rounded up, because h rounds to nearest: 2^12 products a
    /// little below 2^31 sum to less than 2^43, but their h to 2^63.
    /// </summary>
    public const double SumLimit = 8796093022208.0;

    /// <summary>The most terms a sum takes: 2^23.</summary>
    public const int MaxTerms = 1 << 23;

    internal const double HighUnit = 1048576.0; // 2^20

    internal const int LowBits = 40;

    internal const double LowPerHigh = 1L << LowBits;

    // 1.5·2^52: adding it rounds |x| ≤ 2^51 to an integer, ties to even, and leaves that integer in the low bits.
    internal const double Magic = 6755399441055744.0;

    // A float32 without its sign: as integers these order like the sizes, with infinity and then NaN above all others.
    private const uint SizeBits = 0x7FFFFFFF;

    private static readonly long MagicBits = BitConverter.DoubleToInt64Bits(Magic);

    /// <summary>
    /// high[i] += h and low[i] += l for p = weight·values[i], in double precision. Returns the largest |p|, or NaN if one is not finite or not below
    /// <see cref="ProductLimit"/>, in which case the sums have no meaning any more. values, high, low [n].
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double AddScaled(ReadOnlySpan<float> values, double weight, Span<long> high, Span<long> low)
    {
        Shape.CheckSame(high.Length, values.Length, nameof(high), nameof(values));
        Shape.CheckSame(low.Length, values.Length, nameof(low), nameof(values));
        uint largest = 0;
        int done = Vector.IsHardwareAccelerated ? AddScaledVectors(values, weight, high, low, out largest) : 0;
        for (int i = done; i < values.Length; i++)
        {
            largest = Math.Max(largest, BitConverter.SingleToUInt32Bits(values[i]) & SizeBits);
            (long h, long l) = Split(weight * values[i]);
            high[i] += h;
            low[i] += l;
        }

        // Rounding keeps order, so the largest product is that of the largest value. NaN and infinite values have the largest bits, and no product below the
        // limit.
        double size = values.IsEmpty ? 0 : Math.Abs(weight) * BitConverter.UInt32BitsToSingle(largest);
        return size < ProductLimit ? size : double.NaN;
    }

    /// <summary>The two integers of one product; meaningful for |p| below <see cref="ProductLimit"/>.</summary>
    public static (long High, long Low) Split(double p)
    {
        double scaled = p * HighUnit, rounded = scaled + Magic;
        double l = (scaled - (rounded - Magic)) * LowPerHigh + Magic;
        return (BitConverter.DoubleToInt64Bits(rounded) - MagicBits, BitConverter.DoubleToInt64Bits(l) - MagicBits);
    }

    // Element-wise in double precision without multiply-add, so that the width of Vector<double> cannot show in the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int AddScaledVectors(ReadOnlySpan<float> values, double weight, Span<long> high, Span<long> low, out uint largest)
    {
        ref float v0 = ref MemoryMarshal.GetReference(values);
        ref long h0 = ref MemoryMarshal.GetReference(high);
        ref long l0 = ref MemoryMarshal.GetReference(low);
        var scaledWeight = new Vector<double>(weight * HighUnit);
        var sizeBits = new Vector<uint>(SizeBits);
        var max = Vector<uint>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var v = Vector.LoadUnsafe(ref v0, (nuint)i);
            max = Vector.Max(max, v.As<float, uint>() & sizeBits);
            Vector.Widen(v, out var lower, out var upper);
            AddVector(scaledWeight * lower, ref h0, ref l0, (nuint)i);
            AddVector(scaledWeight * upper, ref h0, ref l0, (nuint)(i + Vector<double>.Count));
        }

        largest = 0;
        for (int lane = 0; lane < Vector<uint>.Count; lane++) largest = Math.Max(largest, max[lane]);
        return i;
    }

    // What Split does, on products that are scaled by 2^20 already; a power of two changes no rounding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVector(Vector<double> scaled, ref long high, ref long low, nuint offset)
    {
        var magic = new Vector<double>(Magic);
        var magicBits = new Vector<long>(MagicBits);
        var rounded = scaled + magic;
        var l = (scaled - (rounded - magic)) * new Vector<double>(LowPerHigh) + magic;
        (Vector.LoadUnsafe(ref high, offset) + (rounded.As<double, long>() - magicBits)).StoreUnsafe(ref high, offset);
        (Vector.LoadUnsafe(ref low, offset) + (l.As<double, long>() - magicBits)).StoreUnsafe(ref low, offset);
    }
}
