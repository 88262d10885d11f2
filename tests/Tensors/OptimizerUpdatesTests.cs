namespace FedPure.Tensors;

/// <summary>Update rules against their double-precision definitions; the same bits at every width and alignment; no allocation.</summary>
public class OptimizerUpdatesTests
{
    public static TheoryData<string> Rules => [.. Enum.GetNames<UpdateRule>()];

    [Theory, MemberData(nameof(Rules))]
    public void Every_width_gives_the_same_bits(string name)
    {
        foreach (var kind in Enum.GetValues<DataKind>())
        {
            foreach (int n in Sizes.Lengths)
            {
                var update = new Update(Enum.Parse<UpdateRule>(name), kind, n);
                Widths.AssertSameBitsAtEveryOffset(update);
                Bits.AssertSame(update.Run<Lanes.Lanes1>(0).Values, update.RunPublic(), $"{update} at the public entry");
            }
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public void A_step_is_the_definition_to_rounding(string name)
    {
        var rule = Enum.Parse<UpdateRule>(name);
        var update = new Update(rule, DataKind.Plain, 1000);
        var actual = update.RunPublic();
        bool two = update.Second.Length > 0, preconditioned = rule >= UpdateRule.Adagrad;
        for (int i = 0; i < update.Length; i++)
        {
            double w = update.Parameters[i], g = update.Gradient[i], first = update.First[i], second = two ? update.Second[i] : 0;
            var exact = Reference.Step(rule, w, g, first, second);

            // A state is a sum of two terms after at most four roundings each. An error δ of the preconditioner p moves 1/√p by δ/2p of itself.
            double u = Rounding.Gamma(4), square = g * g;
            double firstBound = u * (Math.Abs(first) + (preconditioned && !two ? square : Math.Abs(g)));
            double secondBound = u * (second + square);
            AssertWithin(exact.First, actual[1000 + i], firstBound, $"{update}, first state {i}");
            if (two) AssertWithin(exact.Second, actual[2000 + i], secondBound, $"{update}, second state {i}");
            double step = Math.Abs(exact.Parameter - w) + Update.Rate * Update.Decay * Math.Abs(w);
            double moved = (two ? secondBound / exact.Second : preconditioned ? firstBound / exact.First : 0) / 2;
            double numerator = preconditioned && !two ? 0 : 2 * firstBound / exact.Denominator;
            AssertWithin(exact.Parameter, actual[i], u * (Math.Abs(w) + 3 * step) + step * moved + Update.Rate * numerator, $"{update}, parameter {i}");
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public void A_step_allocates_nothing(string name)
    {
        var update = new Update(Enum.Parse<UpdateRule>(name), DataKind.Plain, 257);
        float[] w = [.. update.Parameters], a = [.. update.First], p = [.. update.Second];
        update.RunPublic(w, update.Gradient, a, p);
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            update.RunPublic(w, update.Gradient, a, p);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory, MemberData(nameof(Rules))]
    public void Lengths_that_differ_are_refused_with_both_numbers(string name)
    {
        var update = new Update(Enum.Parse<UpdateRule>(name), DataKind.Plain, 7);
        float[] w = [.. update.Parameters], a = [.. update.First], p = [.. update.Second];
        AssertRefused(() => update.RunPublic(w, update.Gradient.AsSpan(1), a, p));
        AssertRefused(() => update.RunPublic(w, update.Gradient, a.AsSpan(1), p));
        if (p.Length > 0) AssertRefused(() => update.RunPublic(w, update.Gradient, a, p.AsSpan(1)));
        Bits.AssertSame(update.Parameters, w, "parameters");

        static void AssertRefused(Action call)
        {
            string message = Assert.Throws<ArgumentException>(call).Message;
            Assert.Contains("6", message, StringComparison.Ordinal);
            Assert.Contains("7", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_the_denominator_is_zero_the_parameter_stays()
    {
        float[] w = [1f, 2f], g = [0f, 1f], a = [0f, 0f], p = [0f, 0f];
        OptimizerUpdates.Adam(w, g, a, p, 0.1f, 0.1f, 0.001f, 0f);
        Assert.Equal(1f, w[0]);
        Assert.NotEqual(2f, w[1]);
        OptimizerUpdates.Adagrad(w.AsSpan(0, 1), [0f], p.AsSpan(0, 1), 0.1f, 0f);
        OptimizerUpdates.RmsProp(w.AsSpan(0, 1), [0f], p.AsSpan(0, 1), 0.1f, 0.1f, 0f);
        Assert.Equal(1f, w[0]);
    }

    private static void AssertWithin(double expected, float actual, double bound, string what) =>
        Assert.True(
            Math.Abs(expected - actual) <= bound,
            $"{what}: expected {expected:R}, got {actual:R}, {Math.Abs(expected - actual):E2} apart, at most {bound:E2}.");
}
