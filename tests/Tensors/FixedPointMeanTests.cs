using System.Numerics;
using FsCheck.Xunit;

namespace FedPure.Tensors;

/// <summary>The mean is the exact quotient of the sums, rounded once.</summary>
public class FixedPointMeanTests
{
    private const string Seed = "1180591620717411,9007199254740881";

    [Property(Arbitrary = [typeof(AnyCohort)], MaxTest = 300, Replay = Seed)]
    public void The_mean_is_the_exact_quotient_rounded_once(Cohort cohort)
    {
        var sums = Accumulator.Of(cohort);
        AssertMean(sums.High, sums.Low, sums.WeightHigh, sums.WeightLow);
    }

    [Property(Arbitrary = [typeof(ExactCohort)], MaxTest = 300, Replay = Seed)]
    public void With_exact_products_it_is_the_mean_of_the_real_numbers(Cohort cohort)
    {
        float[] mean = Accumulator.Of(cohort).Mean(), expected = new float[cohort.Length];
        for (int j = 0; j < cohort.Length; j++)
        {
            BigInteger sum = 0, weights = 0;
            for (int i = 0; i < cohort.Updates.Length; i++)
            {
                sum += (BigInteger)cohort.Weights[i] * ExactSum.InSmallestUnits(cohort.Updates[i][j]);
                weights += (BigInteger)cohort.Weights[i];
            }

            expected[j] = ExactSum.ToSingle(sum, weights << 1074);
        }

        Bits.AssertSame(expected, mean, "mean");
    }

    [Property(Arbitrary = [typeof(ExactCohort)], MaxTest = 200, Replay = Seed)]
    public void The_mean_of_identical_updates_is_that_update(Cohort cohort)
    {
        var sums = new Accumulator(cohort.Length);
        foreach (double weight in cohort.Weights) sums.Add(cohort.Updates[0], weight);
        Bits.AssertSame(cohort.Updates[0], sums.Mean(), "mean");
    }

    [Property(Arbitrary = [typeof(ExactCohort)], MaxTest = 200, Replay = Seed)]
    public bool The_mean_lies_between_the_smallest_and_the_largest_update(Cohort cohort)
    {
        float[] mean = Accumulator.Of(cohort).Mean();
        return Enumerable.Range(0, cohort.Length).All(j => mean[j] >= cohort.Updates.Min(u => u[j]) && mean[j] <= cohort.Updates.Max(u => u[j]));
    }

    [Property(Arbitrary = [typeof(ExactCohort)], MaxTest = 200, Replay = Seed)]
    public void Scaling_all_weights_by_a_power_of_two_changes_nothing(Cohort cohort)
    {
        float[] expected = Accumulator.Of(cohort).Mean();
        for (int s = 1; s <= 8; s++)
        {
            var scaled = cohort with { Weights = [.. cohort.Weights.Select(weight => Math.ScaleB(weight, s))] };
            Bits.AssertSame(expected, Accumulator.Of(scaled).Mean(), $"weights × 2^{s}");
        }
    }

    // Error of the mean: each product is off by 2^-61, K of them over W, and the one rounding to float32.
    [Property(Arbitrary = [typeof(AnyCohort)], MaxTest = 200, Replay = Seed)]
    public bool The_error_bound_of_rounded_products_holds(Cohort cohort)
    {
        var sums = Accumulator.Of(cohort);
        var weight = (BigInteger)FixedPointMean.Total(sums.WeightHigh, sums.WeightLow);
        for (int j = 0; j < cohort.Length; j++)
        {
            // In units of 2^-1074: Σp exactly, and the sums' idea of it.
            var exact = BigInteger.Zero;
            for (int i = 0; i < cohort.Updates.Length; i++) exact += ExactSum.InSmallestUnits(cohort.Weights[i] * cohort.Updates[i][j]);
            var held = (BigInteger)FixedPointMean.Total(sums.High[j], sums.Low[j]) << (1074 - 60);
            if (BigInteger.Abs(exact - held) > cohort.Updates.Length * (BigInteger.One << (1074 - 61)) || weight.Sign <= 0) return false;
        }

        return true;
    }

    // 1 + 2^-24 is halfway between 1 and 1 + 2^-23; 2^-58 more or less decides, and is far below what a double keeps beside 1.
    [Theory]
    [InlineData(0, 1f)]
    [InlineData(1, 1.0000001f)]
    [InlineData(-1, 1f)]
    public void A_near_tie_is_decided_by_its_last_bit(int beyond, float expected)
    {
        var sums = new Accumulator(2);
        sums.Add([1f, -1f], 1);
        sums.Add([1.0000001f, -1.0000001f], 1);
        sums.Add([MathF.ScaleB(beyond, -58), MathF.ScaleB(-beyond, -58)], 1);
        float[] mean = new float[2];
        FixedPointMean.Divide(sums.High, sums.Low, 2 << 20, 0, mean);
        Assert.Equal([expected, -expected], mean);
    }

    [Fact]
    public void Ties_go_to_even_in_every_binade()
    {
        for (int mantissa = 0; mantissa < 64; mantissa++)
        {
            for (int exponent = -30; exponent <= 8; exponent++)
            {
                // Halfway between two float32 of 2^exponent: an odd number of 2^(exponent - 24). Over a weight of 3 the double quotient is not exact.
                double tie = Math.ScaleB((1L << 24) + 2 * mantissa + 1, exponent - 24);
                for (int beyond = -1; beyond <= 1; beyond++)
                {
                    (long high, long low) = FixedPoint.Split(3 * tie);
                    AssertMean([high, -high], [low + beyond, -low - beyond], 3 << 20, 0);
                }
            }
        }
    }

    [Fact]
    public void Random_sums_of_any_size_are_divided_exactly()
    {
        var random = new Random(11);
        long[] high = new long[2000], low = new long[2000];
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < high.Length; i++)
            {
                high[i] = random.NextInt64(long.MinValue / 2, long.MaxValue / 2) >> random.Next(64);
                low[i] = random.NextInt64(long.MinValue / 2, long.MaxValue / 2) >> random.Next(64);
            }

            AssertMean(high, low, random.NextInt64(1L << 40), random.NextInt64(1L << 40));
        }
    }

    // The smallest sums over the largest weights: 2^-60/2^43 = 2^-103 is still normal, so that subnormal quotients are tested on their own below.
    [Fact]
    public void The_smallest_sums_are_divided_exactly()
    {
        long[] high = new long[401], low = new long[401];
        for (int i = 0; i < low.Length; i++) low[i] = i - 200;
        foreach (long weight in (ReadOnlySpan<long>)[1, 3, 1L << 40, (1L << 62) + 12345, long.MaxValue]) AssertMean(high, low, weight, 7);
    }

    [Fact]
    public void Quotients_below_the_smallest_float32_round_to_it_or_to_zero()
    {
        for (int n = 0; n < 40; n++)
        {
            for (int shift = 145; shift < 155; shift++)
            {
                var denominator = (BigInteger.One << shift) + (n % 3 - 1);
                Bits.AssertSame(ExactSum.ToSingle(n, denominator), Quotient.ToSingle(n, denominator), $"{n}/2^{shift}");
                Bits.AssertSame(ExactSum.ToSingle(-n, denominator), Quotient.ToSingle(-n, denominator), $"-{n}/2^{shift}");
            }
        }
    }

    [Fact]
    public void Zero_is_positive_whatever_it_was_made_of()
    {
        var sums = new Accumulator(3);
        sums.Add([-0f, 1f, float.Epsilon], 1);
        sums.Add([-0f, -1f, -float.Epsilon], 1);
        Bits.AssertSame([0f, 0f, 0f], sums.Mean(), "mean");

        // The two integers may cancel: 2^-20 as h = 1 and as l = 2^40.
        float[] mean = [1f];
        FixedPointMean.Divide([1], [-(1L << 40)], 1 << 20, 0, mean);
        Bits.AssertSame([0f], mean, "cancelled");
    }

    private static void AssertMean(long[] high, long[] low, long weightHigh, long weightLow)
    {
        float[] mean = new float[high.Length], expected = new float[high.Length];
        FixedPointMean.Divide(high, low, weightHigh, weightLow, mean);
        var weight = ((BigInteger)weightHigh << 40) + weightLow;
        for (int i = 0; i < high.Length; i++) expected[i] = ExactSum.ToSingle(((BigInteger)high[i] << 40) + low[i], weight);
        Bits.AssertSame(expected, mean, $"weight {weight}·2^-60");
    }
}
