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
    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs) => kernel.Fill(Value);
}

internal sealed record UniformInitializer(float Low, float High) : Initializer
{
    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        var stream = key.Stream();
        foreach (ref float value in kernel) value = Low + (High - Low) * stream.NextSingle();
    }
}

internal sealed record NormalInitializer(float Mean, float StandardDeviation, bool Truncated) : Initializer
{
    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        var stream = key.Stream();
        foreach (ref float value in kernel) value = Mean + StandardDeviation * (Truncated ? stream.NextTruncatedNormal() : stream.NextNormal());
    }
}

/// <summary>Variance scale/fan: uniform in ±√(3·scale/fan), or a truncated normal whose standard deviation after the cut is √(scale/fan).</summary>
internal sealed record VarianceScaling(float Scale, Fan Fan, bool IsNormal) : Initializer
{
    // The standard deviation of a standard normal cut at ±2.
    private const float TruncatedDeviation = 0.87962566f;

    public override void Fill(RandomKey key, Span<float> kernel, int inputs, int outputs)
    {
        float fan = Fan == Fan.In ? inputs : (inputs + outputs) / 2f;
        var stream = key.Stream();
        if (IsNormal)
        {
            float deviation = MathF.Sqrt(Scale / fan) / TruncatedDeviation;
            foreach (ref float value in kernel) value = deviation * stream.NextTruncatedNormal();
        }
        else
        {
            float limit = MathF.Sqrt(3f * Scale / fan);
            foreach (ref float value in kernel) value = (2f * stream.NextSingle() - 1f) * limit;
        }
    }
}
