using System.Numerics;

namespace FedPure.Tensors;

/// <summary>Exact quotients of integers, rounded once.</summary>
internal static class Quotient
{
    /// <summary>numerator / denominator rounded to the nearest float32, ties to even; zero is +0. The denominator is positive.</summary>
    public static float ToSingle(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero) return 0f;
        var size = BigInteger.Abs(numerator);

        // Scaled by 2^shift the quotient has 30 to 32 bits before the point, but never bits below 2^-149, the smallest float32, beside the sticky one.
        int shift = (int)Math.Min(31 - (size.GetBitLength() - denominator.GetBitLength()), 151);
        var quotient = BigInteger.DivRem(shift >= 0 ? size << shift : size, shift >= 0 ? denominator : denominator << -shift, out var rest);

        // Round to odd: a remainder sets the last bit, so that the one rounding to float32 below sees on which side of a tie the exact value lies.
        ulong odd = (ulong)quotient | (rest.IsZero ? 0UL : 1UL);
        double exact = Math.ScaleB(odd, -shift);
        return (float)(numerator.Sign < 0 ? -exact : exact);
    }
}
