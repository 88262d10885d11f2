using FedPure.Data.Random;

namespace FedPure.Learning.Models;

/// <summary>What a variance is divided by.</summary>
internal enum Fan
{
    In,
    Average,
}

internal sealed record ConstantInitializer(float Value) : Initializer
{
    public override Initializer WithKerasSeed(long seed) => this;

    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs) => kernel.Fill(Value);
}

internal sealed record UniformInitializer(float Low, float High) : Initializer
{
    public override Initializer WithKerasSeed(long seed) => new KerasUniformInitializer(seed, (_, _) => (Low, High));

    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        var stream = key.Stream();
        foreach (ref float value in kernel) value = Low + (High - Low) * stream.NextSingle();
    }
}

/// <summary>Keras' first draw after it was given the seed; the key has no part in it.</summary>
internal sealed record KerasUniformInitializer(long Seed, Func<int, int, (float Low, float High)> Bounds) : Initializer
{
    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        var (low, high) = Bounds(inputs, outputs);
        var stream = StatelessRandom.Stream((ulong)Seed, 0);
        foreach (ref float value in kernel) value = stream.NextTensorFlowUniform() * (high - low) + low;
    }
}

internal sealed record NormalInitializer(float Mean, float StandardDeviation, bool Truncated) : Initializer
{
    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        var stream = key.Stream();
        foreach (ref float value in kernel) value = (float)(Mean + StandardDeviation * (Truncated ? stream.NextTruncatedNormal() : stream.NextNormal()));
    }
}

/// <summary>Variance scale/fan: uniform in ±√(3·scale/fan), or a truncated normal whose standard deviation after the cut is √(scale/fan).</summary>
internal sealed record VarianceScaling(float Scale, Fan Fan, bool IsNormal) : Initializer
{
    // The standard deviation of a standard normal cut at ±2.
    private const float TruncatedDeviation = 0.87962566f;

    public override Initializer WithKerasSeed(long seed) => IsNormal ? base.WithKerasSeed(seed) : new KerasUniformInitializer(seed, (inputs, outputs) =>
    {
        float limit = (float)Math.Sqrt(3.0 * (Scale / (double)FanOf(inputs, outputs)));
        return (-limit, limit);
    });

    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        float fan = FanOf(inputs, outputs);
        var stream = key.Stream();
        if (IsNormal)
        {
            float deviation = MathF.Sqrt(Scale / fan) / TruncatedDeviation;
            foreach (ref float value in kernel) value = (float)(deviation * stream.NextTruncatedNormal());
        }
        else
        {
            float limit = MathF.Sqrt(3f * Scale / fan);
            foreach (ref float value in kernel) value = (2f * stream.NextSingle() - 1f) * limit;
        }
    }

    private float FanOf(int inputs, int outputs) => Fan == Fan.In ? inputs : (inputs + outputs) / 2f;
}
