using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// Matrix products over row-major float32 spans. An output of a·b, of aᵀ·b, and of a·bᵀ from 64 rows and 32 columns of c on, sums in ascending p; a smaller
/// a·bᵀ sums over 16 fixed virtual lanes. Which of the two depends on the shape alone, and both are the same at every vector width, so the result's bits depend
/// on the operands and the <see cref="ArithmeticClass"/> only. The destination must not overlap an operand.
/// </summary>
public static partial class MatMul
{
    /// <summary>c = a·b with a [m×k], b [k×n], c [m×n].</summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">m, n or k is negative.</exception>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k)
    {
        Shape.CheckSizes(m, n, k);
        Shape.Check(a.Length, m, k, nameof(a));
        Shape.Check(b.Length, k, n, nameof(b));
        Shape.Check(c.Length, m, n, nameof(c));
        if (k == 0) c.Clear();
        if (c.IsEmpty || k == 0) return;
        Outer<Overwrite>(a, (nuint)k, 1, b, [], c, m, n, k, 1f);
    }

    /// <summary>c = a·bᵀ with a [m×k], b [n×k], c [m×n]: every row of a with every row of b.</summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">m, n or k is negative.</exception>
    public static void MultiplyTransposedB(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k)
    {
        Shape.CheckSizes(m, n, k);
        Shape.Check(a.Length, m, k, nameof(a));
        Shape.Check(b.Length, n, k, nameof(b));
        Shape.Check(c.Length, m, n, nameof(c));
        if (c.IsEmpty) return;
        Inner(a, [], b, c, m, n, k, [], false);
    }

    /// <summary>
    /// c = a[rows]·bᵀ: the product of listed rows of a table, in place, with the bits of gathering them first. a [any×k], rows [m], b [n×k], c [m×n]. A row may
    /// be listed more than once.
    /// </summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">n or k is negative, or a row lies outside a.</exception>
    public static void MultiplyTransposedB(ReadOnlySpan<float> a, ReadOnlySpan<int> rows, ReadOnlySpan<float> b, Span<float> c, int n, int k)
    {
        Shape.CheckSizes(rows.Length, n, k);
        Shape.CheckRows(rows, a.Length, k, nameof(a));
        Shape.Check(b.Length, n, k, nameof(b));
        Shape.Check(c.Length, rows.Length, n, nameof(c));
        if (!c.IsEmpty) Inner(a, rows, b, c, rows.Length, n, k, [], false);
    }

    /// <summary>
    /// c += alpha·(aᵀ·b) with a [k×m], b [k×n], c [m×n]. The sum over k starts from zero and is added to c by one multiply-add, so the result equals that of
    /// computing aᵀ·b first and <see cref="Vectors.AddScaled(ReadOnlySpan{float}, float, Span{float})"/> after it, bit for bit.
    /// </summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">m, n or k is negative.</exception>
    public static void AddTransposedA(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, float alpha = 1f)
    {
        Shape.CheckSizes(m, n, k);
        Shape.Check(a.Length, k, m, nameof(a));
        Shape.Check(b.Length, k, n, nameof(b));
        Shape.Check(c.Length, m, n, nameof(c));
        if (c.IsEmpty || k == 0) return;
        Outer<AddScaledSum>(a, 1, (nuint)m, b, [], c, m, n, k, alpha);
    }

    /// <summary>
    /// c += alpha·(aᵀ·b[rows]): the same over listed rows of a table, in place, with the bits of gathering them first. a [k×m], b [any×n], rows [k], c [m×n].
    /// </summary>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">m or n is negative, or a row lies outside b.</exception>
    public static void AddTransposedA(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<int> rows, Span<float> c, int m, int n, float alpha = 1f)
    {
        Shape.CheckSizes(m, n, rows.Length);
        Shape.Check(a.Length, rows.Length, m, nameof(a));
        Shape.CheckRows(rows, b.Length, n, nameof(b));
        Shape.Check(c.Length, m, n, nameof(c));
        if (!c.IsEmpty && !rows.IsEmpty) Outer<AddScaledSumOfRows>(a, 1, (nuint)m, b, rows, c, m, n, rows.Length, alpha);
    }

    /// <summary>c[j] += alpha·Σ_p b[p, j] with b [k×n], c [n]: the gradient of a bias, in the arithmetic of aᵀ·b with a column of ones.</summary>
    internal static void AddColumnSums(ReadOnlySpan<float> b, Span<float> c, int n, int k, float alpha)
    {
        Shape.Check(b.Length, k, n, nameof(b));
        Shape.Check(c.Length, 1, n, nameof(c));
        if (c.IsEmpty || k == 0) return;
        Outer<AddScaledSum>([1f], 0, 0, b, [], c, 1, n, k, alpha);
    }

    /// <summary>
    /// c = a·b where the mask [m×n] is positive, else 0, with the shapes of
    /// <see cref="Multiply(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int, int, int)"/>.
    /// </summary>
    internal static void MultiplyMasked(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> mask, Span<float> c, int m, int n, int k)
    {
        if (k == 0) c.Clear();
        if (c.IsEmpty || k == 0) return;
        Outer<OverwriteMasked>(a, (nuint)k, 1, b, [], c, m, n, k, 1f, mask);
    }

    /// <summary>c = a·bᵀ, rows of a all or listed, then a bias [n], unless it is empty, and ReLU.</summary>
    internal static void Inner(
        ReadOnlySpan<float> a, ReadOnlySpan<int> rows, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, ReadOnlySpan<float> bias, bool relu)
    {
        if (TileShape.TurnsB(m, n, k))
        {
            Turned(a, rows, b, c, m, n, k);
            if (!bias.IsEmpty) Activation.AddBias(c, bias);
            if (relu) Activation.Relu(c);
            return;
        }

        if (Lanes512.IsAccelerated) InnerProduct.Run<Lanes512>(a, rows, b, c, m, n, k, bias, relu);
        else if (Lanes256.IsAccelerated) InnerProduct.Run<Lanes256>(a, rows, b, c, m, n, k, bias, relu);
        else if (Lanes128.IsAccelerated) InnerProduct.Run<Lanes128>(a, rows, b, c, m, n, k, bias, relu);
        else InnerProduct.Run<Lanes1>(a, rows, b, c, m, n, k, bias, relu);
    }

    /// <summary>c = a·bᵀ over columns of b turned into panels; n is at least <see cref="TileShape.TurnedFromColumns"/>.</summary>
    internal static void Turned(ReadOnlySpan<float> a, ReadOnlySpan<int> rows, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k)
    {
        if (Lanes512.IsAccelerated) OuterProduct.RunTurned<Lanes512>(a, rows, b, c, m, n, k);
        else if (Lanes256.IsAccelerated) OuterProduct.RunTurned<Lanes256>(a, rows, b, c, m, n, k);
        else if (Lanes128.IsAccelerated) OuterProduct.RunTurned<Lanes128>(a, rows, b, c, m, n, k);
        else OuterProduct.RunTurned<Lanes1>(a, rows, b, c, m, n, k);
    }

    private static void Outer<TForm>(
        ReadOnlySpan<float> a, nuint aRow, nuint aStep, ReadOnlySpan<float> b, ReadOnlySpan<int> bRows, Span<float> c, int m, int n, int k, float alpha,
        ReadOnlySpan<float> mask = default)
        where TForm : struct, IProductForm
    {
        if (OuterProduct.Fits<Lanes512>(n)) OuterProduct.Run<Lanes512, TForm>(a, aRow, aStep, b, bRows, c, m, n, k, alpha, mask);
        else if (OuterProduct.Fits<Lanes256>(n)) OuterProduct.Run<Lanes256, TForm>(a, aRow, aStep, b, bRows, c, m, n, k, alpha, mask);
        else if (OuterProduct.Fits<Lanes128>(n)) OuterProduct.Run<Lanes128, TForm>(a, aRow, aStep, b, bRows, c, m, n, k, alpha, mask);
        else OuterProduct.Run<Lanes1, TForm>(a, aRow, aStep, b, bRows, c, m, n, k, alpha, mask);
    }
}
