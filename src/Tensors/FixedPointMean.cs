namespace FedPure.Tensors;

/// <summary>From the integer sums of <see cref="FixedPoint"/> to float32: each mean is the exact quotient, rounded once to the nearest float32, ties to even.</summary>
public static class FixedPointMean
{
    // A float32 keeps 24 of a double's 53 bits. The other 29 lie halfway between two float32 at this pattern. Numerator and divisor are each
    // within 1 of their last place and the division rounds once more, so the quotient is off by less than 4 last places: only this near a tie can it mislead.
    private const long DroppedBits = (1L << 29) - 1, Halfway = 1L << 28, Doubt = 4;

    private const double SmallestNormal = 1.1754943508222875e-38;

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
        double divisor = Nearest(weightHigh, weightLow);
        for (int i = 0; i < mean.Length; i++)
        {
            double quotient = Nearest(high[i], low[i]) / divisor;
            long dropped = BitConverter.DoubleToInt64Bits(quotient) & DroppedBits;
            bool nearTie = Math.Abs(dropped - Halfway) <= Doubt, mayBeSubnormal = Math.Abs(quotient) < 2 * SmallestNormal;
            mean[i] = quotient == 0 ? 0f : nearTie || mayBeSubnormal ? Quotient.ToSingle(Total(high[i], low[i]), weight) : (float)quotient;
        }
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
