namespace FedPure.Learning.Optimizers;

/// <summary>
/// Powers and the cosine in double precision out of +, -, ·, / and exact changes of the exponent only, so that they have the same bits on every system; those of
/// System.Math call the C runtime.
/// </summary>
internal static class Portable
{
    // ln 2 in two parts, of which the first has 21 trailing zero bits: n·Ln2High is exact for |n| < 2^21.
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>x^n for n ≥ 0 by squaring; relative error below n·2^-52, since each squaring doubles the error before it and adds a rounding.</summary>
    public static double Power(double x, long n)
    {
        double power = 1;
        for (double square = x; n > 0; n >>= 1, square *= square)
        {
            if ((n & 1) != 0) power *= square;
        }

        return power;
    }

    /// <summary>x^y = e^(y·ln x) for a normal x &gt; 0; relative error below 1e-15·(1 + |y·ln x|).</summary>
    public static double Power(double x, double y) => Exp(y * Log(x));

    /// <summary>cos(π·x) for x in [0, 1], within 1e-15: by symmetry a Taylor series of cosine or sine on [0, π/4].</summary>
    public static double CosPi(double x)
    {
        if (x > 0.5) return -CosPi(1 - x);
        return x <= 0.25 ? Cos(Math.PI * x) : Sin(Math.PI * (0.5 - x));
    }

    // z <= π/4: the first term left out is z^18/18! < 3e-18.
    private static double Cos(double z)
    {
        double square = z * z, sum = 1;
        for (int n = 16; n > 0; n -= 2) sum = 1 - square / (n * (n - 1)) * sum;
        return sum;
    }

    // z <= π/4: the first term left out is z^19/19! < 1e-19.
    private static double Sin(double z)
    {
        double square = z * z, sum = 1;
        for (int n = 17; n > 1; n -= 2) sum = 1 - square / (n * (n - 1)) * sum;
        return z * sum;
    }

    // ln(2^e·m) = e·ln 2 + 2·artanh(s), s = (m - 1)/(m + 1), |s| < 0.1716 for m in [√½, √2): the first term left out is s^24/25 < 2e-20.
    private static double Log(double x)
    {
        int e = Math.ILogB(x);
        double m = Math.ScaleB(x, -e);
        if (m > 1.4142135623730951) (m, e) = (m / 2, e + 1);
        double s = (m - 1) / (m + 1), square = s * s, sum = 0;
        for (int n = 23; n >= 1; n -= 2) sum = sum * square + 1.0 / n;
        return e * Ln2High + (2 * s * sum + e * Ln2Low);
    }

    // e^x = 2^n·e^r, |r| <= ln 2/2: the first term left out is r^15/15! < 1e-19.
    private static double Exp(double x)
    {
        if (!(Math.Abs(x) < 700)) return x < 0 ? 0 : x > 0 ? double.PositiveInfinity : double.NaN;
        double n = Math.Round(x / 0.6931471805599453), r = x - n * Ln2High - n * Ln2Low, sum = 1;
        for (int k = 14; k >= 1; k--) sum = 1 + r / k * sum;
        return Math.ScaleB(sum, (int)n);
    }
}
