namespace FedPure.Tensors;

/// <summary>What the elements of a test operand are like.</summary>
public enum DataKind
{
    /// <summary>Uniform in [-1, 1).</summary>
    Plain,

    /// <summary>Subnormals, ±0 and numbers whose products are subnormal: where flushing to zero, or rounding twice, would show.</summary>
    Tiny,

    /// <summary>Exponents over the whole range, so that some products and sums overflow.</summary>
    Huge,

    /// <summary>Plain, with a NaN or an infinity here and there.</summary>
    Special,
}

/// <summary>Seeded operands.</summary>
internal static class Samples
{
    private static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, float.MaxValue];

    public static float[] Create(DataKind kind, int length, int seed)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (int i = 0; i < length; i++) values[i] = Next(kind, random);
        return values;
    }

    public static float[] Uniform(int length, int seed, float low = -1f, float high = 1f)
    {
        var values = Create(DataKind.Plain, length, seed);
        for (int i = 0; i < length; i++) values[i] = low + (high - low) * (values[i] + 1f) / 2f;
        return values;
    }

    public static int[] Labels(int rows, int classCount, int seed)
    {
        var random = new Random(seed);
        var labels = new int[rows];
        for (int i = 0; i < rows; i++) labels[i] = random.Next(classCount);
        return labels;
    }

    private static float Next(DataKind kind, Random random) => kind switch
    {
        DataKind.Plain => Unit(random),
        DataKind.Tiny => random.Next(8) switch
        {
            0 => 0f,
            1 => -0f,
            2 or 3 => Unit(random) * 1.1754944e-38f,
            4 => Unit(random) * 1e-30f,
            _ => Unit(random) * 1e-20f,
        },
        DataKind.Huge => MathF.ScaleB(Unit(random), random.Next(8) == 0 ? random.Next(-149, 128) : random.Next(40, 62)),
        _ => random.Next(24) == 0 ? Specials[random.Next(Specials.Length)] : Unit(random),
    };

    private static float Unit(Random random) => 2f * random.NextSingle() - 1f;
}
