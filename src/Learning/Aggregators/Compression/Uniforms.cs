using FedPure.Data.Random;

namespace FedPure.Learning.Aggregators;

/// <summary>The random numbers of a payload: the i-th belongs to element i.</summary>
internal static class Uniforms
{
    public static float[] Draw(RandomKey key, int count)
    {
        var stream = key.Stream();
        var uniforms = new float[count];
        foreach (ref float uniform in uniforms.AsSpan()) uniform = stream.NextSingle();
        return uniforms;
    }
}
