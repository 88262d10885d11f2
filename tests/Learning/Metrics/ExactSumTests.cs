using System.Numerics;
using FsCheck.Xunit;

namespace FedPure.Learning.Metrics;

public class ExactSumTests
{
    [Property(MaxTest = 500)]
    public bool AnySumIsTheExactOneRoundedOnce(double[] values, int scale)
    {
        var finite = values.Where(double.IsFinite).Select(value => Math.ScaleB(value, scale % 900)).Where(double.IsFinite).ToArray();
        return BitConverter.DoubleToInt64Bits(Sum(finite)) == BitConverter.DoubleToInt64Bits(Reference(finite));
    }

    [Property]
    public bool OrderAndGroupingDoNotShow(double[] values, int seed)
    {
        var shuffled = values.ToArray();
        new System.Random(seed).Shuffle(shuffled);
        var halves = new ExactSum();
        foreach (double value in shuffled.Take(shuffled.Length / 2)) halves.Add(value);
        var rest = new ExactSum();
        foreach (double value in shuffled.Skip(shuffled.Length / 2)) rest.Add(value);
        halves.Merge(rest);
        return Sum(values).Equals(halves.Round());
    }

    [Theory]
    [InlineData(new[] { 1e308, 1e308, -1e308, -1e308, 1.0 }, 1.0)]
    [InlineData(new[] { 1.0, 1e-300, -1.0 }, 1e-300)]
    [InlineData(new[] { double.Epsilon, double.Epsilon }, 2 * double.Epsilon)]
    [InlineData(new[] { -double.Epsilon }, -double.Epsilon)]
    [InlineData(new[] { 9007199254740992.0, 1.0 }, 9007199254740992.0)]
    [InlineData(new[] { 9007199254740992.0, 1.0, double.Epsilon }, 9007199254740994.0)]
    [InlineData(new[] { -9007199254740992.0, -1.0, -double.Epsilon }, -9007199254740994.0)]
    [InlineData(new[] { double.MaxValue, double.MaxValue }, double.PositiveInfinity)]
    [InlineData(new[] { 1.0, double.NaN }, double.NaN)]
    [InlineData(new[] { double.PositiveInfinity, 1.0 }, double.NaN)]
    [InlineData(new[] { -0.0 }, 0.0)]
    [InlineData(new double[0], 0.0)]
    public void EdgesAreRight(double[] values, double expected) => Assert.Equal(expected, Sum(values));

    [Fact]
    public void ClearingForgetsAll()
    {
        var sum = new ExactSum();
        sum.Add(double.NaN);
        sum.Add(3);
        sum.Clear();
        sum.Add(2);
        Assert.Equal(2, sum.Round());
    }

    private static double Sum(IEnumerable<double> values)
    {
        var sum = new ExactSum();
        foreach (double value in values) sum.Add(value);
        return sum.Round();
    }

    // The total as an integer number of 2^-1074, then to 53 bits by hand: ties to even.
    private static double Reference(IEnumerable<double> values)
    {
        BigInteger total = 0;
        foreach (double value in values)
        {
            long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & 0xFFFFFFFFFFFFF;
            int exponent = (int)(bits >> 52) & 0x7FF;
            var term = (BigInteger)(exponent == 0 ? mantissa : mantissa | 1L << 52) << Math.Max(exponent - 1, 0);
            total += bits < 0 ? -term : term;
        }

        var size = BigInteger.Abs(total);
        int drop = (int)Math.Max(0, (long)size.GetBitLength() - 53);
        var kept = size >> drop;
        var rest = size - (kept << drop);
        var half = drop == 0 ? BigInteger.Zero : BigInteger.One << (drop - 1);
        if (drop > 0 && (rest > half || (rest == half && !kept.IsEven))) kept++;
        double result = Math.ScaleB((double)(long)kept, drop - 1074);
        return total.Sign < 0 ? -result : result;
    }
}
