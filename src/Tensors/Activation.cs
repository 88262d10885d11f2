using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Element-wise parts of a dense layer: bias and ReLU, forward and backward. A bias [n] is added to each row of x [rows×n].</summary>
public static partial class Activation
{
    /// <summary>x[i, j] += bias[j]. x [rows×n], bias [n].</summary>
    /// <exception cref="ArgumentException">x is no whole number of rows.</exception>
    public static void AddBias(Span<float> x, ReadOnlySpan<float> bias)
    {
        Shape.Rows(x.Length, bias.Length, nameof(x), nameof(bias));
        for (; !x.IsEmpty; x = x[bias.Length..]) System.Numerics.Tensors.TensorPrimitives.Add(x[..bias.Length], bias, x[..bias.Length]);
    }

    /// <summary>gradient[j] += alpha·Σ_i d[i, j]: what <see cref="AddBias"/> passes back to the bias. d [rows×n], gradient [n].</summary>
    /// <exception cref="ArgumentException">d is no whole number of rows.</exception>
    public static void AddBiasGradient(ReadOnlySpan<float> d, Span<float> gradient, float alpha = 1f) =>
        MatMul.AddColumnSums(d, gradient, gradient.Length, Shape.Rows(d.Length, gradient.Length, nameof(d), nameof(gradient)), alpha);

    /// <summary>x ← max(x, 0) element-wise; NaN stays NaN. x of any shape.</summary>
    public static void Relu(Span<float> x)
    {
        if (Lanes512.IsAccelerated) Relu<Lanes512>(x);
        else if (Lanes256.IsAccelerated) Relu<Lanes256>(x);
        else if (Lanes128.IsAccelerated) Relu<Lanes128>(x);
        else Relu<Lanes1>(x);
    }

    /// <summary>d ← d where the output of ReLU is positive, else 0. output and d of one shape.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ReluBackward(ReadOnlySpan<float> output, Span<float> d)
    {
        Shape.CheckSame(output.Length, d.Length, nameof(output), nameof(d));
        if (Lanes512.IsAccelerated) ReluBackward<Lanes512>(output, d);
        else if (Lanes256.IsAccelerated) ReluBackward<Lanes256>(output, d);
        else if (Lanes128.IsAccelerated) ReluBackward<Lanes128>(output, d);
        else ReluBackward<Lanes1>(output, d);
    }

    internal static void Relu<T>(Span<float> x) where T : struct, ILanes<T>
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - T.Width; i += T.Width)
        {
            T value = T.Load(ref x0, (nuint)i);
            T.Store(T.SelectLess(value, T.Zero, T.Zero, value), ref x0, (nuint)i);
        }

        for (; i < x.Length; i++) x[i] = x[i] < 0f ? 0f : x[i];
    }

    internal static void ReluBackward<T>(ReadOnlySpan<float> output, Span<float> d) where T : struct, ILanes<T>
    {
        ref float output0 = ref MemoryMarshal.GetReference(output);
        ref float d0 = ref MemoryMarshal.GetReference(d);
        int i = 0;
        for (; i <= d.Length - T.Width; i += T.Width)
            T.Store(T.SelectLess(T.Zero, T.Load(ref output0, (nuint)i), T.Load(ref d0, (nuint)i), T.Zero), ref d0, (nuint)i);
        for (; i < d.Length; i++) d[i] = 0f < output[i] ? d[i] : 0f;
    }
}
