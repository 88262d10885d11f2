using System.Numerics.Tensors;

namespace FedPure.Tensors;

/// <content>Vector operations over tensors of any rank, dense and row-major, whose elements count in that order.</content>
public static partial class Vectors
{
    /// <summary>y += alpha·x, one multiply-add an element. x and y of one shape.</summary>
    /// <exception cref="ArgumentException">A tensor is not dense, or the shapes differ.</exception>
    public static void AddScaled(in ReadOnlyTensorSpan<float> x, float alpha, in TensorSpan<float> y)
    {
        TensorShape.CheckSame(x.Lengths, y.Lengths, nameof(x), nameof(y));
        AddScaled(TensorShape.Elements(x, nameof(x)), alpha, TensorShape.Elements(y, nameof(y)));
    }

    /// <summary>x ← alpha·x. x of any shape.</summary>
    /// <exception cref="ArgumentException">The tensor is not dense.</exception>
    public static void Scale(float alpha, in TensorSpan<float> x) => Scale(alpha, TensorShape.Elements(x, nameof(x)));

    /// <summary>Σ x[i]·y[i]. x and y of one shape.</summary>
    /// <exception cref="ArgumentException">A tensor is not dense, or the shapes differ.</exception>
    public static float Dot(in ReadOnlyTensorSpan<float> x, in ReadOnlyTensorSpan<float> y)
    {
        TensorShape.CheckSame(x.Lengths, y.Lengths, nameof(x), nameof(y));
        return Dot(TensorShape.Elements(x, nameof(x)), TensorShape.Elements(y, nameof(y)));
    }

    /// <summary>Σ |x[i]|. x of any shape.</summary>
    /// <exception cref="ArgumentException">The tensor is not dense.</exception>
    public static float NormL1(in ReadOnlyTensorSpan<float> x) => NormL1(TensorShape.Elements(x, nameof(x)));

    /// <summary>√Σ x[i]², without overflow or underflow on the way. x of any shape.</summary>
    /// <exception cref="ArgumentException">The tensor is not dense.</exception>
    public static float NormL2(in ReadOnlyTensorSpan<float> x) => NormL2(TensorShape.Elements(x, nameof(x)));

    /// <summary>max |x[i]|. x of any shape.</summary>
    /// <exception cref="ArgumentException">The tensor is not dense.</exception>
    public static float NormInf(in ReadOnlyTensorSpan<float> x) => NormInf(TensorShape.Elements(x, nameof(x)));
}
