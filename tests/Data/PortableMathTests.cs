using System.Numerics;
using FedPure.Data.Random;

namespace FedPure.Data;

/// <summary>Against the same functions in fixed point of 1024 bits. The bounds are those that the docstring states.</summary>
public class PortableMathTests
{
    [Fact]
    public void LogIsWithin0Point53Ulp() => AssertWithin(0.53, Arguments(4000, 700), x => PortableMath.Log(x), x => FixedPoint.Log(x));

    [Fact]
    public void LogNearOneIsWithin0Point53Ulp() =>
        AssertWithin(0.53, Arguments(2000, 0).Select(x => 1 + (x - 1.5) / 64), x => PortableMath.Log(x), x => FixedPoint.Log(x));

    [Fact]
    public void ExpIsWithin0Point76Ulp() =>
        AssertWithin(0.76, Arguments(4000, 8).Select((x, i) => i % 2 == 0 ? x : -x), x => PortableMath.Exp(x), x => FixedPoint.Exp(FixedPoint.From(x)));

    [Fact]
    public void PowerIsWithin1Point05Ulp()
    {
        foreach (double exponent in (double[])[0.5, 3, 10, 37.5, -2.25])
            AssertWithin(
                1.05, Arguments(500, 6), x => PortableMath.Power(x, exponent),
                x => FixedPoint.Exp(FixedPoint.Multiply(FixedPoint.From(exponent), FixedPoint.Log(x))));
    }

    [Fact]
    public void SineAndCosineAreWithin1Point1Ulp()
    {
        var angles = Arguments(1000, 5).Select((x, i) => i % 2 == 0 ? x : -x).ToList();
        AssertWithin(1.1, angles, x => PortableMath.SinCosDegrees(x).Sin, x => FixedPoint.SinDegrees(FixedPoint.From(x)));
        AssertWithin(1.1, angles, x => PortableMath.SinCosDegrees(x).Cos, x => FixedPoint.SinDegrees(FixedPoint.From(x) + (90 * FixedPoint.One)));
    }

    [Fact]
    public void RightAnglesAreExact() =>
        Assert.Equal(
            [(0, 1), (1, 0), (0, -1), (-1, 0), (0, 1)],
            ((double[])[0, 90, 180, -90, 360]).Select(angle => PortableMath.SinCosDegrees(angle)).Select(pair => (pair.Sin, pair.Cos)));

    [Fact]
    public void EdgesAreThoseOfTheFunctions()
    {
        Assert.Equal(
            (double.NegativeInfinity, 0, double.PositiveInfinity), (PortableMath.Log(0), PortableMath.Log(1), PortableMath.Log(double.PositiveInfinity)));
        Assert.True(double.IsNaN(PortableMath.Log(-1)) && double.IsNaN(PortableMath.Log(double.NaN)) && double.IsNaN(PortableMath.Exp(double.NaN)));
        Assert.Equal((0, 1, double.PositiveInfinity), (PortableMath.Exp(-746), PortableMath.Exp(0), PortableMath.Exp(710)));
        Assert.Equal(double.Epsilon, PortableMath.Exp(-745.13));
        Assert.Equal(Math.Log(double.Epsilon), PortableMath.Log(double.Epsilon), 1e-12);
        Assert.Equal(
            (1, 1, 0, double.PositiveInfinity, 0),
            (PortableMath.Power(0, 0), PortableMath.Power(1, 1e300), PortableMath.Power(0, 2), PortableMath.Power(0, -1), PortableMath.Power(0.5, 1e308)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Power(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.SinCosDegrees(double.NaN));
    }

    // Numbers of all magnitudes up to 2^±exponents, from the library's own stream.
    [Theory]
    [InlineData(0.9f), InlineData(0.999f), InlineData(0.99999f)]
    public void TheIntegerPowerIsWithinItsError(float x)
    {
        for (long n = 0; n < 1 << 20; n = n * 3 / 2 + 1)
            Assert.True(Math.Abs(PortableMath.IntegerPower(x, n) - Math.Pow(x, n)) <= (n + 4) * Math.ScaleB(Math.Pow(x, n), -52), $"{x}^{n}");
    }

    private static IEnumerable<double> Arguments(int count, int exponents)
    {
        var stream = RandomKey.FromSeed(11).Stream();
        for (int i = 0; i < count; i++)
        {
            double mantissa = 1 + (stream.Next() * 4294967296.0 + stream.Next()) / 18446744073709551616.0;
            yield return Math.ScaleB(mantissa, stream.NextBelow(2 * exponents + 1) - exponents);
        }
    }

    private static void AssertWithin(double ulps, IEnumerable<double> arguments, Func<double, double> function, Func<double, BigInteger> reference)
    {
        double largest = 0;
        foreach (double x in arguments)
        {
            double actual = function(x);
            var error = BigInteger.Abs(FixedPoint.From(actual) - reference(x)) * 1_000_000 / FixedPoint.From(
                Math.BitIncrement(Math.Abs(actual)) - Math.Abs(actual));
            largest = Math.Max(largest, (double)error / 1_000_000);
        }

        Assert.InRange(largest, 0.3, ulps);
    }

    /// <summary>Numbers as multiples of 2^-1024: enough for the smallest arguments, and series that stop when a term is 0.</summary>
    private static class FixedPoint
    {
        private const int Bits = 1024;

        public static readonly BigInteger One = BigInteger.One << Bits;

        private static readonly BigInteger Ln2 = LogOfMantissa(2 * One), Pi = 4 * (4 * ArcTangentOfInverse(5) - ArcTangentOfInverse(239));

        public static BigInteger From(double x)
        {
            long bits = BitConverter.DoubleToInt64Bits(x);
            int exponent = (int)((bits >> 52) & 0x7FF);
            BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
            int shift = Math.Max(exponent, 1) - 1075 + Bits;
            var value = shift >= 0 ? mantissa << shift : mantissa >> -shift;
            return bits < 0 ? -value : value;
        }

        public static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> Bits;

        public static BigInteger Log(double x)
        {
            int exponent = Math.ILogB(x);
            return exponent * Ln2 + LogOfMantissa(From(Math.ScaleB(x, -exponent)));
        }

        public static BigInteger Exp(BigInteger x)
        {
            int n = (int)BigInteger.Divide(x, Ln2);
            BigInteger r = x - n * Ln2, term = One, sum = One;
            for (int k = 1; !term.IsZero; k++) sum += term = Multiply(term, r) / k;
            return n >= 0 ? sum << n : sum >> -n;
        }

        public static BigInteger SinDegrees(BigInteger degrees)
        {
            BigInteger x = Multiply(BigInteger.Remainder(degrees, 360 * One), Pi / 180), square = Multiply(x, x), term = x, sum = x;
            for (int k = 2; !term.IsZero; k += 2) sum += term = -Multiply(term, square) / (k * (k + 1));
            return sum;
        }

        // ln m = 2·artanh((m - 1)/(m + 1)).
        private static BigInteger LogOfMantissa(BigInteger m)
        {
            BigInteger s = ((m - One) << Bits) / (m + One), square = Multiply(s, s), power = s, sum = 0;
            for (int odd = 1; !power.IsZero; odd += 2)
            {
                sum += power / odd;
                power = Multiply(power, square);
            }

            return 2 * sum;
        }

        private static BigInteger ArcTangentOfInverse(int n)
        {
            BigInteger power = One / n, sum = 0;
            for (int odd = 1; !power.IsZero; odd += 2)
            {
                sum += odd % 4 == 1 ? power / odd : -power / odd;
                power /= n * n;
            }

            return sum;
        }
    }
}
