using System.Numerics.Tensors;

namespace FedPure.Tensors;

/// <content>The products over tensors of rank 2, dense and row-major: read and written in place.</content>
public static partial class MatMul
{
    /// <summary>c = a·b with a [m×k], b [k×n], c [m×n].</summary>
    /// <exception cref="ArgumentException">A tensor is no dense matrix, or the shapes do not fit.</exception>
    public static void Multiply(in ReadOnlyTensorSpan<float> a, in ReadOnlyTensorSpan<float> b, in TensorSpan<float> c)
    {
        (int m, int k) = TensorShape.Matrix(a.Lengths, nameof(a));
        (int inner, int n) = TensorShape.Matrix(b.Lengths, nameof(b));
        Check(a, b, c, m, n, k, inner);
        Multiply(TensorShape.Elements(a, nameof(a)), TensorShape.Elements(b, nameof(b)), TensorShape.Elements(c, nameof(c)), m, n, k);
    }

    /// <summary>c = a·bᵀ with a [m×k], b [n×k], c [m×n].</summary>
    /// <exception cref="ArgumentException">A tensor is no dense matrix, or the shapes do not fit.</exception>
    public static void MultiplyTransposedB(in ReadOnlyTensorSpan<float> a, in ReadOnlyTensorSpan<float> b, in TensorSpan<float> c)
    {
        (int m, int k) = TensorShape.Matrix(a.Lengths, nameof(a));
        (int n, int inner) = TensorShape.Matrix(b.Lengths, nameof(b));
        Check(a, b, c, m, n, k, inner);
        MultiplyTransposedB(TensorShape.Elements(a, nameof(a)), TensorShape.Elements(b, nameof(b)), TensorShape.Elements(c, nameof(c)), m, n, k);
    }

    /// <summary>c += alpha·(aᵀ·b) with a [k×m], b [k×n], c [m×n].</summary>
    /// <exception cref="ArgumentException">A tensor is no dense matrix, or the shapes do not fit.</exception>
    public static void AddTransposedA(in ReadOnlyTensorSpan<float> a, in ReadOnlyTensorSpan<float> b, in TensorSpan<float> c, float alpha = 1f)
    {
        (int k, int m) = TensorShape.Matrix(a.Lengths, nameof(a));
        (int inner, int n) = TensorShape.Matrix(b.Lengths, nameof(b));
        Check(a, b, c, m, n, k, inner);
        AddTransposedA(TensorShape.Elements(a, nameof(a)), TensorShape.Elements(b, nameof(b)), TensorShape.Elements(c, nameof(c)), m, n, k, alpha);
    }

    private static void Check(in ReadOnlyTensorSpan<float> a, in ReadOnlyTensorSpan<float> b, in TensorSpan<float> c, int m, int n, int k, int inner)
    {
        TensorShape.Matrix(c.Lengths, nameof(c));
        TensorShape.CheckInner(k, inner, a.Lengths, b.Lengths);
        TensorShape.CheckProduct(a.Lengths, b.Lengths, c.Lengths, m, n);
    }
}
