using System.Numerics;

namespace FedPure.Tensors;

/// <summary>The definition of order-independent sums in integers of any length, sharing nothing with the library: no double is added or rounded here.</summary>
internal static class ExactSum
{
    // Every finite double is a whole number of 2^-1074.
    private const int DoubleUnit = 1074;

    /// <summary>h = rint(p·2^20) and l = rint((p - h·2^-20)·2^60), ties to even.</summary>
    public static (BigInteger High, BigInteger Low) Split(double p)
    {
        var exact = InSmallestUnits(p);
        var high = RoundToEven(exact, BigInteger.One << (DoubleUnit - 20));
        return (high, RoundToEven(exact - (high << (DoubleUnit - 20)), BigInteger.One << (DoubleUnit - 60)));
    }

    /// <summary>p·2^1074.</summary>
    public static BigInteger InSmallestUnits(double p)
    {
        long bits = BitConverter.DoubleToInt64Bits(p), mantissa = bits & ((1L << 52) - 1);
        int exponent = (int)(bits >> 52) & 0x7FF;
        var size = exponent == 0 ? mantissa : (BigInteger)(mantissa | (1L << 52)) << (exponent - 1);
        return p < 0 ? -size : size;
    }

    /// <summary>numerator/denominator to the nearest float32, ties to even, +0 for 0; found by exact comparison with neighbouring float32.</summary>
    public static float ToSingle(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero) return 0f;

        // Bit patterns of positive float32 are in the order of their values: the last one not above the quotient, by bisection.
        var size = BigInteger.Abs(numerator);
        int low = 0, high = BitConverter.SingleToInt32Bits(float.MaxValue);
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            if (Compare(middle, size, denominator) <= 0) low = middle;
            else high = middle - 1;
        }

        // Twice the distance to it against the distance of its neighbours; at a tie the even pattern.
        int tie = (Times(low, denominator) + Times(low + 1, denominator)).CompareTo(2 * (size << DoubleUnit));
        int nearest = tie > 0 || (tie == 0 && low % 2 == 0) ? low : low + 1;
        float value = BitConverter.Int32BitsToSingle(nearest);
        return numerator.Sign < 0 ? -value : value;
    }

    /// <summary>numerator/denominator to the nearest integer, ties to even.</summary>
    public static BigInteger RoundToEven(BigInteger numerator, BigInteger denominator)
    {
        var floor = BigInteger.DivRem(numerator, denominator, out var rest);
        if (rest.Sign < 0) (floor, rest) = (floor - 1, rest + denominator);
        int side = (2 * rest).CompareTo(denominator);
        return side > 0 || (side == 0 && !floor.IsEven) ? floor + 1 : floor;
    }

    private static int Compare(int pattern, BigInteger numerator, BigInteger denominator) => Times(pattern, denominator).CompareTo(numerator << DoubleUnit);

    private static BigInteger Times(int pattern, BigInteger denominator) => InSmallestUnits(BitConverter.Int32BitsToSingle(pattern)) * denominator;
}
