namespace FedPure.Tensors;

/// <summary>Each kernel's definition in double precision. Products of float32 are exact in double, so a sum of k errs by k·2^-53·Σ|a·b| at most.</summary>
internal static partial class Reference
{
    /// <summary>c = a·b with a [m×k], b [k×n], c [m×n].</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<double> c, int m, int n, int k)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++) sum += (double)a[i * k + p] * b[p * n + j];
                c[i * n + j] = sum;
            }
        }
    }

    /// <summary>c = a·bᵀ with a [m×k], b [n×k], c [m×n].</summary>
    public static void MultiplyTransposedB(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<double> c, int m, int n, int k)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++) sum += (double)a[i * k + p] * b[j * k + p];
                c[i * n + j] = sum;
            }
        }
    }

    /// <summary>c += alpha·(aᵀ·b) with a [k×m], b [k×n], c [m×n].</summary>
    public static void AddTransposedA(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<double> c, int m, int n, int k, double alpha)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++) sum += (double)a[p * m + i] * b[p * n + j];
                c[i * n + j] += alpha * sum;
            }
        }
    }
}
