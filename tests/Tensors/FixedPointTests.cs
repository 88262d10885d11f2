using FsCheck.Xunit;

namespace FedPure.Tensors;

/// <summary>Order-independent sums against their definition in exact integers, and their limits.</summary>
public class FixedPointTests
{
    private const string Seed = "6274310918274655,7354911092837461";

    [Property(Arbitrary = [typeof(AnyCohort)], MaxTest = 300, Replay = Seed)]
    public bool Sums_are_those_of_the_definition(Cohort cohort)
    {
        var sums = Accumulator.Of(cohort);
        for (int j = 0; j < cohort.Length; j++)
        {
            var (high, low) = (System.Numerics.BigInteger.Zero, System.Numerics.BigInteger.Zero);
            for (int i = 0; i < cohort.Updates.Length; i++)
            {
                var (h, l) = ExactSum.Split(cohort.Weights[i] * cohort.Updates[i][j]);
                (high, low) = (high + h, low + l);
            }

            if (high != sums.High[j] || low != sums.Low[j]) return false;
        }

        return true;
    }

    [Property(Arbitrary = [typeof(AnyCohort)], MaxTest = 200, Replay = Seed)]
    public bool Any_order_gives_the_same_sums(Cohort cohort, int seed)
    {
        int[] order = [.. Enumerable.Range(0, cohort.Updates.Length)];
        new Random(seed).Shuffle(order);
        return Accumulator.Of(cohort).Equals(Accumulator.Of(cohort, order));
    }

    [Property(Arbitrary = [typeof(AnyCohort)], MaxTest = 200, Replay = Seed)]
    public bool Any_grouping_and_any_order_of_merging_give_the_same_sums(Cohort cohort, int seed)
    {
        var random = new Random(seed);
        Accumulator[] groups = [new(cohort.Length), new(cohort.Length), new(cohort.Length)];
        for (int i = 0; i < cohort.Updates.Length; i++) groups[random.Next(3)].Add(cohort.Updates[i], cohort.Weights[i]);
        random.Shuffle(groups);
        groups[1].Merge(groups[2]);
        groups[0].Merge(groups[1]);
        return Accumulator.Of(cohort).Equals(groups[0]);
    }

    [Property(Arbitrary = [typeof(AnyCohort)], MaxTest = 100, Replay = Seed)]
    public bool Two_halves_merge_into_the_whole(Cohort cohort)
    {
        int half = cohort.Updates.Length / 2;
        var first = Accumulator.Of(cohort, Enumerable.Range(0, half));
        first.Merge(Accumulator.Of(cohort, Enumerable.Range(half, cohort.Updates.Length - half)));
        return Accumulator.Of(cohort).Equals(first);
    }

    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(1.0, 1 << 20, 0)]
    [InlineData(-1.0, -(1 << 20), 0)]
    [InlineData(0.5 / (1 << 20), 0, 1L << 39)] // a tie of h: to even 0
    [InlineData(1.5 / (1 << 20), 2, -(1L << 39))] // a tie of h: to even 2
    [InlineData(-1.5 / (1 << 20), -2, 1L << 39)]
    [InlineData(0.5 / (1L << 60), 0, 0)] // ties of l
    [InlineData(1.5 / (1L << 60), 0, 2)]
    [InlineData(double.Epsilon, 0, 0)]
    [InlineData(2147483648.0 - 1.0 / (1 << 22), 1L << 51, -(1L << 38))] // the largest product: h rounds up to 2^51
    public void Split_by_hand(double p, long high, long low)
    {
        Assert.Equal((high, low), FixedPoint.Split(p));
        Assert.Equal((high, low), ExactSum.Split(p));
    }

    [Fact]
    public void Vectors_and_tails_of_every_length_are_those_of_the_definition()
    {
        foreach (int n in Sizes.Lengths)
        {
            float[] values = Samples.Uniform(n, n, -300f, 300f);
            long[] high = new long[n], low = new long[n];
            double largest = FixedPoint.AddScaled(values, 1e6 / 7, high, low);
            for (int i = 0; i < n; i++) Assert.Equal(ExactSum.Split(1e6 / 7 * values[i]), (high[i], low[i]));
            Assert.Equal(values.Select(x => Math.Abs(1e6 / 7 * x)).DefaultIfEmpty(0).Max(), largest);
        }
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NegativeInfinity, 1)]
    [InlineData(1f, double.NaN)]
    [InlineData(1f, double.PositiveInfinity)]
    [InlineData(2147483648f, 1)]
    [InlineData(-2147483648f, 1)]
    [InlineData(float.MaxValue, 2)]
    [InlineData(65536f, 32768)]
    public void A_product_that_is_not_finite_or_not_below_the_limit_gives_NaN_wherever_it_stands(float bad, double weight)
    {
        foreach (int n in Sizes.Lengths)
        {
            for (int i = 0; i < n; i++)
            {
                var values = new float[n];
                values[i] = bad;
                Assert.True(double.IsNaN(FixedPoint.AddScaled(values, weight, new long[n], new long[n])), $"{bad:R}·{weight:R} at {i} of {n}");
            }
        }
    }

    [Fact]
    public void The_largest_product_below_the_limit_is_taken()
    {
        foreach (int n in (ReadOnlySpan<int>)[1, 16, 17])
        {
            var values = new float[n];
            values[n - 1] = -1f;
            double weight = Math.BitDecrement(FixedPoint.ProductLimit);
            Assert.Equal(weight, FixedPoint.AddScaled(values, weight, new long[n], new long[n]));
        }
    }

    // 2^23 terms of the largest kind: their sum, rounded up to an integer each, is what SumLimit allows; neither total leaves 64 bits.
    [Fact]
    public void The_totals_stay_within_64_bits_at_the_limits()
    {
        (long high, _) = FixedPoint.Split(Math.BitDecrement(FixedPoint.ProductLimit));
        double terms = FixedPoint.SumLimit / FixedPoint.ProductLimit - 1;
        Assert.True(high * terms < long.MaxValue);
        (_, long low) = FixedPoint.Split(0.5 / FixedPoint.HighUnit);
        Assert.Equal(1L << 62, low * (long)FixedPoint.MaxTerms);
    }
}
