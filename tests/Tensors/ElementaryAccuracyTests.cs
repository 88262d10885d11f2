namespace FedPure.Tensors;

/// <summary>
/// exp, log, tanh and the sigmoid against double precision over all of float32 by a prime stride. The bounds stand in the summaries of
/// <see cref="Elementary"/>; those of exp and log were found by going through all 2^32 bit patterns in both arithmetic classes, the others follow from them.
/// </summary>
public class ElementaryAccuracyTests
{
    private const double ExpBound = 1.01, LogBound = 0.86;

    // tanh beyond 0.625: e^2x errs by 1.01 ulp and + 1 by half of one, together a relative 2·1.5u of a denominator ≥ 4.49, the quotient by u more: 4u·0.445 ≤
    // 1.8u of a result ≥ 0.555, with the subtraction's half ulp below 2 ulp. Below: the polynomial's 2^-27, and the factor in [0.88, 1] and the product round
    // by half an ulp each. The sigmoid: 2.02u from e^-x, u each from the sum and the quotient are 4.02u, which could be 4.02 ulp at the top of a binade; where
    // the result is normal, 3 hold.
    private const double TanhBound = 2, SigmoidBound = 3;

    // Prime: a stride that shared a factor with 2^23 would meet the same mantissas in every binade. 2^32/997 are 4.3 million arguments.
    private const uint Stride = 997;

    // What the dense search found worst: exp fused, unfused, subnormal result; log fused, unfused.
    private static readonly float[] WorstExp = [-59.92188f, -59.919415f, -87.33736f], WorstLog = [1.4120755f, 0.705924f];

    public static TheoryData<float, float> ExpSpecials => new()
    {
        { 0f, 1f },
        { -0f, 1f },
        { float.PositiveInfinity, float.PositiveInfinity },
        { float.NegativeInfinity, 0f },
        { float.NaN, float.NaN },
        { float.Epsilon, 1f },
        { -float.Epsilon, 1f },
        { float.MaxValue, float.PositiveInfinity },
        { float.MinValue, 0f },
        { 88.72284f, float.PositiveInfinity }, // the first float32 above ln(2^128)
        { -103.97208f, float.Epsilon }, // the last one of which e^x is more than half the smallest subnormal
        { -103.97209f, 0f },
        { -104f, 0f },
    };

    public static TheoryData<float, float> LogSpecials => new()
    {
        { 0f, float.NegativeInfinity },
        { -0f, float.NegativeInfinity },
        { 1f, 0f },
        { float.PositiveInfinity, float.PositiveInfinity },
        { float.NegativeInfinity, float.NaN },
        { float.NaN, float.NaN },
        { -1f, float.NaN },
        { -float.Epsilon, float.NaN },
        { float.MinValue, float.NaN },
        { float.Epsilon, -103.27893f },
        { float.MaxValue, 88.72284f },
    };

    [Fact]
    public void Exp_is_within_its_bound() => AssertBound(Elementary.Exp, Reference.Exp, ExpBound, [.. Sweep(), .. WorstExp]);

    [Fact]
    public void Log_is_within_its_bound() => AssertBound(Elementary.Log, Reference.Log, LogBound, [.. Sweep(), .. WorstLog]);

    [Fact]
    public void Tanh_is_within_its_bound() => AssertBound(Elementary.Tanh, Math.Tanh, TanhBound, Sweep());

    [Fact]
    public void Sigmoid_is_within_its_bound() =>
        AssertBound(Elementary.Sigmoid, x => 1 / (1 + Math.Exp(-x)), SigmoidBound, [.. Sweep().Where(x => !(x < -87.3f))]);

    [Theory]
    [InlineData(float.PositiveInfinity, 1f, 1f)]
    [InlineData(float.NegativeInfinity, -1f, 0f)]
    [InlineData(float.NaN, float.NaN, float.NaN)]
    [InlineData(0f, 0f, 0.5f)]
    [InlineData(float.Epsilon, float.Epsilon, 0.5f)]
    [InlineData(float.MaxValue, 1f, 1f)]
    [InlineData(float.MinValue, -1f, 0f)]
    [InlineData(-89f, -1f, 0f)]
    public void Squashing_of_special_values(float x, float tanh, float sigmoid)
    {
        AssertEverywhere(Elementary.Tanh, x, tanh);
        AssertEverywhere(Elementary.Sigmoid, x, sigmoid);
    }

    [Fact]
    public void Tanh_keeps_the_sign_of_zero() => AssertEverywhere(Elementary.Tanh, -0f, -0f);

    [Theory, MemberData(nameof(ExpSpecials))]
    public void Exp_of_special_values(float x, float expected) => AssertEverywhere(Elementary.Exp, x, expected);

    [Fact]
    public void Exp_just_below_overflow_is_finite()
    {
        float[] x = [88.72283f];
        Elementary.Exp(x, x);
        Assert.True(x[0] is > 3.4e38f and <= float.MaxValue, $"{x[0]:R}");
    }

    [Theory, MemberData(nameof(LogSpecials))]
    public void Log_of_special_values(float x, float expected) => AssertEverywhere(Elementary.Log, x, expected);

    // Every float32 on both sides of the places where n or the binade changes, and a strided walk over the rest.
    [Fact]
    public void Exp_and_log_are_monotonic()
    {
        foreach (float centre in (ReadOnlySpan<float>)[0.34657359f, 1.0397208f, -0.34657359f, -87.33654f, 88.0296f, 1e-3f])
            AssertMonotonic(Elementary.Exp, Walk(centre, 20_000, 1));
        AssertMonotonic(Elementary.Exp, Walk(50f, 900_000, 97));
        foreach (float centre in (ReadOnlySpan<float>)[0.70710678f, 1f, 1.41421356f, 2f, 1.17549435e-38f, 0.35355339f])
            AssertMonotonic(Elementary.Log, Walk(centre, 20_000, 1));
        AssertMonotonic(Elementary.Log, Walk(1e20f, 900_000, 97));
    }

    private delegate void Map(ReadOnlySpan<float> x, Span<float> destination);

    private static float[] Sweep()
    {
        var x = new float[uint.MaxValue / Stride + 1];
        for (int i = 0; i < x.Length; i++) x[i] = BitConverter.UInt32BitsToSingle((uint)i * Stride);
        return x;
    }

    // count positive or negative float32, step bit patterns apart, that end a little after centre.
    private static float[] Walk(float centre, int count, int step)
    {
        var x = new float[count];
        int bits = BitConverter.SingleToInt32Bits(centre);
        for (int i = 0; i < count; i++) x[i] = BitConverter.Int32BitsToSingle(bits + (i - count / 2) * step);
        Array.Sort(x);
        return x;
    }

    private static void AssertBound(Map function, Func<double, double> reference, double bound, float[] x)
    {
        var y = new float[x.Length];
        function(x, y);
        double worst = 0;
        float worstAt = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = Ulps.Error(reference(x[i]), y[i]);
            if (error > worst) (worst, worstAt) = (error, x[i]);
        }

        Assert.True(worst <= bound, $"{worst} ulp at {worstAt:R} (0x{BitConverter.SingleToUInt32Bits(worstAt):x8}), bound {bound}, {Arithmetic.Class}");
    }

    // In the vectors and in the tail that is left after them.
    private static void AssertEverywhere(Map function, float x, float expected)
    {
        float[] values = new float[2 * 16 + 15], wanted = new float[values.Length];
        values.AsSpan().Fill(x);
        wanted.AsSpan().Fill(expected);
        function(values, values);
        Bits.AssertSame(wanted, values, $"f({x:R})");
    }

    private static void AssertMonotonic(Map function, float[] x)
    {
        var y = new float[x.Length];
        function(x, y);
        for (int i = 1; i < y.Length; i++) Assert.True(y[i - 1] <= y[i], $"f({x[i - 1]:R}) = {y[i - 1]:R} > f({x[i]:R}) = {y[i]:R}");
    }
}
