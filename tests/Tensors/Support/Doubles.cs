namespace FedPure.Tensors;

/// <summary>Float32 operands as the double-precision references take them.</summary>
internal static class Doubles
{
    public static double[] Widen(ReadOnlySpan<float> x)
    {
        var wide = new double[x.Length];
        for (int i = 0; i < x.Length; i++) wide[i] = x[i];
        return wide;
    }

    public static float[] Abs(ReadOnlySpan<float> x)
    {
        var sizes = new float[x.Length];
        for (int i = 0; i < x.Length; i++) sizes[i] = Math.Abs(x[i]);
        return sizes;
    }
}
