using System.Collections.Immutable;

namespace FedPure.Data.Synthetic;

/// <summary>Ordinary least squares with a constant, by Cholesky's factorization of the normal equations in double.</summary>
internal static class LeastSquares
{
    /// <summary>Weights and constant [n + 1] that minimise Σ(w·x + c - y)². features [examples×n], targets [examples].</summary>
    /// <exception cref="ArgumentException">The examples do not determine one minimum.</exception>
    public static ImmutableArray<double> Solve(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, int n)
    {
        int size = n + 1;
        var matrix = new double[size, size];
        var right = new double[size];
        var x = new double[size];
        x[n] = 1;
        for (int row = 0; row < targets.Length; row++)
        {
            for (int j = 0; j < n; j++) x[j] = features[row * n + j];
            for (int i = 0; i < size; i++)
            {
                right[i] += x[i] * targets[row];
                for (int j = 0; j <= i; j++) matrix[i, j] += x[i] * x[j];
            }
        }

        Factorize(matrix, size);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++) right[i] -= matrix[i, j] * right[j];
            right[i] /= matrix[i, i];
        }

        for (int i = size - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < size; j++) right[i] -= matrix[j, i] * right[j];
            right[i] /= matrix[i, i];
        }

        return [.. right];
    }

    // The lower triangle becomes L of L·Lᵀ.
    private static void Factorize(double[,] matrix, int size)
    {
        for (int i = 0; i < size; i++)
        {
            double diagonal = matrix[i, i];
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++) sum -= matrix[i, k] * matrix[j, k];
                if (j < i)
                {
                    matrix[i, j] = sum / matrix[j, j];
                    continue;
                }

                // What cancellation leaves of a column that depends on others.
                if (!(sum > 1e-12 * diagonal)) throw new ArgumentException("The examples are too few, or too much alike, to have one best linear model.");
                matrix[i, i] = Math.Sqrt(sum);
            }
        }
    }
}
