namespace FedPure.Tensors;

internal static partial class Reference
{
    /// <summary>y += alpha·x.</summary>
    public static void AddScaled(ReadOnlySpan<float> x, double alpha, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++) y[i] += alpha * x[i];
    }

    /// <summary>Σ x[i]·y[i].</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (double)x[i] * y[i];
        return sum;
    }

    /// <summary>√Σ x[i]². Squares of float32, subnormal ones too, neither overflow nor underflow in double.</summary>
    public static double NormL2(ReadOnlySpan<float> x) => Math.Sqrt(Dot(x, x));

    /// <summary>max |x[i]|.</summary>
    public static double NormInf(ReadOnlySpan<float> x)
    {
        double largest = 0;
        foreach (float value in x) largest = Math.Max(largest, Math.Abs((double)value));
        return largest;
    }

    /// <summary>Whether every element is a number.</summary>
    public static bool AllFinite(ReadOnlySpan<float> x)
    {
        foreach (float value in x)
        {
            if (!float.IsFinite(value)) return false;
        }

        return true;
    }
}
