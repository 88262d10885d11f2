namespace FedPure.Benchmarks.Kernels;

/// <summary>Inputs from a fixed seed.</summary>
internal static class Floats
{
    /// <summary>Uniform in [low, high).</summary>
    public static float[] Create(int length, int seed, float low, float high)
    {
        var random = new Random(seed);
        var x = new float[length];
        for (int i = 0; i < length; i++) x[i] = low + (high - low) * random.NextSingle();
        return x;
    }
}
