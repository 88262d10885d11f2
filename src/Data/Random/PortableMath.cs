namespace FedPure.Data.Random;

/// <summary>
/// exp, log, power, sine and cosine in double from IEEE arithmetic alone, so that what is drawn with them has the same bits on every machine: the C runtime's
/// functions differ between systems. log keeps a second double of its result, which gives power full accuracy. Largest errors, measured over the arguments of
/// the tests against 300 digits: log 0.53 ulp, exp 0.76 ulp, power 1.05 ulp for exponents up to 40 (it grows with the exponent), sine and cosine 1.1 ulp.
/// </summary>
public static class PortableMath
{
    // ln 2 in two parts; the first has 21 trailing zero bits, so that its product with an exponent is exact.
    private const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10, Log2E = 1.44269504088896340736;

    // π/180 in two parts.
    private const double RadianHigh = 0.017453292519943295, RadianLow = 2.9486522708701687e-19;

    // Below this e^x rounds to 0, above the other to infinity.
    private const double ExpLow = -745.14, ExpHigh = 709.79;

    /// <summary>The natural logarithm; -∞ for 0, NaN for negative numbers and NaN, ∞ for ∞.</summary>
    public static double Log(double x)
    {
        if (!(x > 0)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x)) return x;
        var (high, low) = LogParts(x);
        return high + low;
    }

    /// <summary>e^x; 0 below -745.14, ∞ above 709.79, NaN for NaN.</summary>
    public static double Exp(double x) => ExpOfParts(x, 0);

    /// <summary>x^y for x ≥ 0 and finite y.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is negative or not a number, or y is not finite.</exception>
    public static double Power(double x, double y)
    {
        if (!(x >= 0)) throw new ArgumentOutOfRangeException(nameof(x), x, "The base of a power must not be negative.");
        if (!double.IsFinite(y)) throw new ArgumentOutOfRangeException(nameof(y), y, "The exponent of a power must be finite.");
        if (y == 0 || x == 1) return 1;
        if (x == 0) return y > 0 ? 0 : double.PositiveInfinity;
        if (double.IsPositiveInfinity(x)) return y > 0 ? x : 0;
        var (high, low) = LogParts(x);
        double product = y * high;
        if (!double.IsFinite(product)) return product > 0 ? double.PositiveInfinity : 0;
        return ExpOfParts(product, Math.FusedMultiplyAdd(y, high, -product) + y * low);
    }

    /// <summary>
    /// x^n for n ≥ 0 by squaring, exact where every product is; relative error below n·2^-52, since each squaring doubles the error before it and adds a
    /// rounding.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">n is negative.</exception>
    public static double IntegerPower(double x, long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        double power = 1;
        for (double square = x; n > 0; n >>= 1, square *= square)
        {
            if ((n & 1) != 0) power *= square;
        }

        return power;
    }

    /// <summary>Sine and cosine of an angle in degrees, whose reduction to one octant is exact.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The angle is not finite.</exception>
    public static (double Sin, double Cos) SinCosDegrees(double degrees)
    {
        if (!double.IsFinite(degrees)) throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "An angle must be finite.");
        double turn = degrees % 360, quarter = Math.Round(turn / 90);
        var (sin, cos) = SinCosOctant(turn - 90 * quarter);
        return ((int)quarter & 3) switch { 0 => (sin, cos), 1 => (cos, -sin), 2 => (-sin, -cos), _ => (-cos, sin) };
    }

    /// <summary>
    /// x = 2^e·m with m in [√½, √2); ln m = 2·artanh(s) with s = (m - 1)/(m + 1) in two doubles, |s| ≤ 0.1716; the series after s³/27 adds less than 2^-65 of
    /// it.
    /// </summary>
    private static (double High, double Low) LogParts(double x)
    {
        int exponent = 0;
        if (x < 2.2250738585072014e-308) (x, exponent) = (x * 18014398509481984.0, -54);
        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m >= 1.4142135623730951) (m, exponent) = (m / 2, exponent + 1);

        double f = m - 1, sum = 2 + f, sumRest = f - (sum - 2), s = f / sum;
        double sRest = (Math.FusedMultiplyAdd(-s, sum, f) - s * sumRest) / sum, z = s * s, series = 0;
        for (int odd = 27; odd >= 3; odd -= 2) series = series * z + 1.0 / odd;
        double small = 2 * (sRest + s * z * series);
        if (exponent == 0) return FastTwoSum(2 * s, small);
        var (high, low) = FastTwoSum(exponent * Ln2High, 2 * s);
        return FastTwoSum(high, low + (small + exponent * Ln2Low));
    }

    /// <summary>e^(x + rest) = 2^n·e^r with |r| ≤ ln 2/2, by the series of e^r up to r^15.</summary>
    private static double ExpOfParts(double x, double rest)
    {
        if (double.IsNaN(x)) return x;
        if (x < ExpLow) return 0;
        if (x > ExpHigh) return double.PositiveInfinity;
        double n = Math.Round(x * Log2E);
        var (r, low) = FastTwoSum(x - n * Ln2High, rest - n * Ln2Low);
        double series = 0;
        for (int k = 15; k >= 2; k--) series = (series * r + 1) / k;
        double y = 1 + (r + (low + r * r * series + r * low));

        // In two steps, since 2^n alone may not be a normal number.
        int half = (int)n / 2;
        return y * PowerOfTwo(half) * PowerOfTwo((int)n - half);
    }

    // Taylor's series on |x| ≤ π/4, with the angle in two parts: what follows x^17 is below 2^-66.
    private static (double Sin, double Cos) SinCosOctant(double degrees)
    {
        double x = degrees * RadianHigh, low = Math.FusedMultiplyAdd(degrees, RadianHigh, -x) + degrees * RadianLow, z = x * x, sin = 0, cos = 0;
        for (int k = 17; k >= 3; k -= 2) sin = (1 - sin) * z / (k * (k - 1));
        for (int k = 18; k >= 2; k -= 2) cos = (1 - cos) * z / (k * (k - 1));
        return (x - (x * sin - low), 1 - (cos + x * low));
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

    // Exact for |a| ≥ |b| (Dekker, 1971).
    private static (double Sum, double Error) FastTwoSum(double a, double b)
    {
        double sum = a + b;
        return (sum, b - (sum - a));
    }
}
