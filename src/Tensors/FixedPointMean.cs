using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FedPure.Tensors;

/// <summary>
/// From the integer sums of <see cref="FixedPoint"/> to float32: each mean is the exact quotient, rounded once to the nearest float32, ties to even.
/// </summary>
public static class FixedPointMean
{
    // A float32 keeps 24 of a double's 53 bits. The other 29 lie halfway between two float32 at this pattern. Numerator and divisor are each
    // within 1 of their last place, the inverse and the product round by half of one more, so the quotient is off by at most 3 last places, or 6 of a smaller
    // one's: only this near a tie can it mislead.
    private const long DroppedBits = (1L << 29) - 1, Halfway = 1L << 28, Doubt = 8;

    private const double SmallestNormal = 1.1754943508222875e-38;

    private const long MagicRange = 1L << 51;

    /// <summary>
    /// mean[i] = (high[i]·2^-20 + low[i]·2^-60) / (weightHigh·2^-20 + weightLow·2^-60), rounded once; a zero is +0. high, low, mean [n].
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weights' sum is not positive.</exception>
    public static void Divide(ReadOnlySpan<long> high, ReadOnlySpan<long> low, long weightHigh, long weightLow, Span<float> mean)
    {
        Shape.CheckSame(high.Length, mean.Length, nameof(high), nameof(mean));
        Shape.CheckSame(low.Length, mean.Length, nameof(low), nameof(mean));
        Int128 weight = Total(weightHigh, weightLow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight, nameof(weightHigh));
        double inverse = 1 / Nearest(weightHigh, weightLow);
        int done = Vector.IsHardwareAccelerated ? DivideVectors(high, low, inverse, mean) : 0;
        for (int i = 0; i < mean.Length; i++)
        {
            // What the vectors left, and what they marked.
            if (i < done && !float.IsNaN(mean[i])) continue;
            double quotient = Nearest(high[i], low[i]) * inverse;
            long dropped = BitConverter.DoubleToInt64Bits(quotient) & DroppedBits;
            bool nearTie = Math.Abs(dropped - Halfway) <= Doubt, mayBeSubnormal = Math.Abs(quotient) < 2 * SmallestNormal;
            mean[i] = quotient == 0 ? 0f : nearTie || mayBeSubnormal ? Quotient.ToSingle(Total(high[i], low[i]), weight) : (float)quotient;
        }
    }

    // Elements whose sums are below 2^51 and whose quotient is far from a tie, which are nearly all; the others become NaN. Returns how many were looked at.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int DivideVectors(ReadOnlySpan<long> high, ReadOnlySpan<long> low, double inverse, Span<float> mean)
    {
        ref long h0 = ref MemoryMarshal.GetReference(high);
        ref long l0 = ref MemoryMarshal.GetReference(low);
        ref float m0 = ref MemoryMarshal.GetReference(mean);
        int i = 0;
        for (; i <= mean.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lower = Quotients(Vector.LoadUnsafe(ref h0, (nuint)i), Vector.LoadUnsafe(ref l0, (nuint)i), inverse);
            nuint second = (nuint)(i + Vector<double>.Count);
            var upper = Quotients(Vector.LoadUnsafe(ref h0, second), Vector.LoadUnsafe(ref l0, second), inverse);
            Vector.Narrow(lower, upper).StoreUnsafe(ref m0, (nuint)i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Quotients(Vector<long> high, Vector<long> low, double inverse)
    {
        // Adding an integer below 2^51 to the bits of 1.5·2^52 makes the double 1.5·2^52 + that integer.
        var magicBits = new Vector<long>(BitConverter.DoubleToInt64Bits(FixedPoint.Magic));
        var magic = new Vector<double>(FixedPoint.Magic);
        var h = (high + magicBits).As<long, double>() - magic;
        var l = (low + magicBits).As<long, double>() - magic;
        var quotient = (h * new Vector<double>(FixedPoint.LowPerHigh) + l) * new Vector<double>(inverse);
        var bits = quotient.As<double, long>();
        var fromTie = (bits & new Vector<long>(DroppedBits)) - new Vector<long>(Halfway);
        var clear = Vector.GreaterThan(fromTie, new Vector<long>(Doubt)) | Vector.LessThan(fromTie, new Vector<long>(-Doubt));
        var limit = new Vector<long>(MagicRange);
        clear &= Vector.LessThan(high + limit, limit + limit) & Vector.GreaterThan(high + limit, Vector<long>.Zero);
        clear &= Vector.LessThan(low + limit, limit + limit) & Vector.GreaterThan(low + limit, Vector<long>.Zero);
        var normal = Vector.GreaterThan(Vector.Abs(quotient), new Vector<double>(2 * SmallestNormal)) | Vector.Equals(quotient, Vector<double>.Zero);
        return Vector.ConditionalSelect(clear & normal, quotient, new Vector<double>(double.NaN));
    }

    /// <summary>The exact value of a pair of sums, in units of 2^-60.</summary>
    public static Int128 Total(long high, long low) => ((Int128)high << FixedPoint.LowBits) + low;

    // The same value within one last place of a double: the low sum's carry goes to the high one first, so that the two cannot cancel after a rounding.
    private static double Nearest(long high, long low)
    {
        long carry = (low + (1L << (FixedPoint.LowBits - 1))) >> FixedPoint.LowBits;
        return (double)(high + carry) * FixedPoint.LowPerHigh + (low - (carry << FixedPoint.LowBits));
    }
}
