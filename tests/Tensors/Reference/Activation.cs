namespace FedPure.Tensors;

internal static partial class Reference
{
    /// <summary>x[i, j] += bias[j]. x [rows×n], bias [n].</summary>
    public static void AddBias(Span<double> x, ReadOnlySpan<float> bias)
    {
        for (int i = 0; i < x.Length; i++) x[i] += bias[i % bias.Length];
    }

    /// <summary>gradient[j] += alpha·Σ_i d[i, j]. d [rows×n], gradient [n].</summary>
    public static void AddBiasGradient(ReadOnlySpan<float> d, Span<double> gradient, double alpha)
    {
        for (int i = 0; i < d.Length; i++) gradient[i % gradient.Length] += alpha * d[i];
    }

    /// <summary>max(x, 0), NaN for NaN.</summary>
    public static double Relu(double x) => Math.Max(x, 0);

    /// <summary>What ReLU passes back: d where its output is positive, else 0.</summary>
    public static double ReluBackward(double output, double d) => output > 0 ? d : 0;
}
