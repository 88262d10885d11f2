using FedPure.Benchmarks.Products;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace FedPure.Benchmarks.Competitors;

/// <summary>
/// Math.NET's managed provider on one thread. It takes columns first, so that each row-major matrix is its own transpose: it computes cᵀ = bᵀ·aᵀ.
/// </summary>
internal static class MathNetProduct
{
    public static void UseOneThread()
    {
        Control.UseManaged();
        Control.UseSingleThread();
    }

    public static void Multiply(Product shape, float[] a, float[] b, float[] c)
    {
        (int m, int k, int n) = (shape.M, shape.K, shape.N);
        const Transpose no = Transpose.DontTranspose, yes = Transpose.Transpose;
        switch (shape.Form)
        {
            case Form.AB: LinearAlgebraControl.Provider.MatrixMultiplyWithUpdate(no, no, 1f, b, n, k, a, k, m, 0f, c); break;
            case Form.ABt: LinearAlgebraControl.Provider.MatrixMultiplyWithUpdate(yes, no, 1f, b, k, n, a, k, m, 0f, c); break;
            default: LinearAlgebraControl.Provider.MatrixMultiplyWithUpdate(no, yes, Product.Alpha, b, n, k, a, m, k, 1f, c); break;
        }
    }
}
