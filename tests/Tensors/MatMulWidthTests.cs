using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Matrix products have the same bits at every width and at every alignment, and the public entry the bits of all.</summary>
public class MatMulWidthTests
{
    private enum Form
    {
        Multiply,
        MultiplyTransposedB,
        AddTransposedA,
        MultiplyMasked,
        BiasAndRelu,
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge)]
    public void Multiply_has_the_same_bits_at_every_width(DataKind kind) => AssertSameBits(Form.Multiply, kind);

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge)]
    public void MultiplyTransposedB_has_the_same_bits_at_every_width(DataKind kind) => AssertSameBits(Form.MultiplyTransposedB, kind);

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge)]
    public void AddTransposedA_has_the_same_bits_at_every_width(DataKind kind) => AssertSameBits(Form.AddTransposedA, kind);

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Special)]
    public void Epilogues_have_the_same_bits_at_every_width(DataKind kind)
    {
        AssertSameBits(Form.MultiplyMasked, kind);
        AssertSameBits(Form.BiasAndRelu, kind);
    }

    [Fact]
    public void The_bias_gradient_has_the_same_bits_as_a_product_with_ones()
    {
        foreach (int n in Sizes.Lengths)
        {
            foreach (int rows in (ReadOnlySpan<int>)[0, 1, 2, 20, 33])
            {
                if (n == 0) continue;
                float[] d = Samples.Create(DataKind.Plain, rows * n, 1), expected = Samples.Create(DataKind.Plain, n, 2), actual = [.. expected];
                float[] ones = new float[rows];
                ones.AsSpan().Fill(1f);
                if (rows > 0) OuterProduct.Run<Lanes1, AddScaledSum>(ones, 1, 1, d, [], expected, 1, n, rows, -0.3f);
                Activation.AddBiasGradient(d, actual, -0.3f);
                Bits.AssertSame(expected, actual, $"{rows}×{n}");
            }
        }
    }

    private static void AssertSameBits(Form form, DataKind kind)
    {
        int turn = 0;
        foreach (var (m, k, n) in Sizes.Products)
        {
            var product = new Product(form, kind, m, k, n);
            Widths.AssertSameBits(product, turn++);
            Bits.AssertSame(product.Run<Lanes1>(0).Values, product.RunPublic(), $"{product} at the public entry");
        }
    }

    private sealed record Product(Form Form, DataKind Kind, int M, int K, int N) : IKernelRun
    {
        private const float Alpha = -0.37f;

        private readonly float[] _a = Samples.Create(Kind, M * K, 1), _b = Samples.Create(Kind, K * N, 2), _c = Samples.Create(Kind, M * N, 3),
        _mask = Samples.Create(Kind, M * N, 4), _bias = Samples.Create(Kind, N, 5);

        // a·b and aᵀ·b have their lanes over the columns of c and need one vector of them; the caller goes to a narrower one.
        public bool Takes(int width) => Form is Form.MultiplyTransposedB or Form.BiasAndRelu || N >= width;

        public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
        {
            GuardedBuffer a = new(_a, offset), b = new(_b, (offset + 1) % 4), c = new(_c, (offset + 2) % 4), mask = new(_mask, (offset + 3) % 4),
                bias = new(_bias, offset);
            if (M > 0 && N > 0)
            {
                if (Form == Form.Multiply) OuterProduct.Run<T, Overwrite>(a.Span, (nuint)K, 1, b.Span, [], c.Span, M, N, K, 1f);
                else if (Form == Form.MultiplyTransposedB && TileShape.TurnsB(M, N, K)) OuterProduct.RunTurned<T>(a.Span, [], b.Span, c.Span, M, N, K);
                else if (Form == Form.MultiplyTransposedB) InnerProduct.Run<T>(a.Span, [], b.Span, c.Span, M, N, K);
                else if (Form == Form.BiasAndRelu && TileShape.TurnsB(M, N, K)) TurnedWithBiasAndRelu<T>(a.Span, b.Span, c.Span, bias.Span);
                else if (Form == Form.BiasAndRelu) InnerProduct.Run<T>(a.Span, [], b.Span, c.Span, M, N, K, bias.Span, relu: true);
                else if (Form == Form.MultiplyMasked && K == 0) c.Span.Clear();
                else if (Form == Form.MultiplyMasked) OuterProduct.Run<T, OverwriteMasked>(a.Span, (nuint)K, 1, b.Span, [], c.Span, M, N, K, 1f, mask.Span);
                else if (K > 0) OuterProduct.Run<T, AddScaledSum>(a.Span, 1, (nuint)M, b.Span, [], c.Span, M, N, K, Alpha);
            }

            a.AssertUnchanged(_a, $"{this}, a");
            b.AssertUnchanged(_b, $"{this}, b");
            mask.AssertUnchanged(_mask, $"{this}, mask");
            bias.AssertUnchanged(_bias, $"{this}, bias");
            return new(c.Values($"{this}, c"));
        }

        private void TurnedWithBiasAndRelu<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, ReadOnlySpan<float> bias) where T : struct, ILanes<T>
        {
            OuterProduct.RunTurned<T>(a, [], b, c, M, N, K);
            Activation.AddBias(c, bias);
            Activation.Relu<T>(c);
        }

        public float[] RunPublic()
        {
            float[] c = [.. _c];
            if (Form == Form.Multiply) MatMul.Multiply(_a, _b, c, M, N, K);
            else if (Form == Form.MultiplyTransposedB) MatMul.MultiplyTransposedB(_a, _b, c, M, N, K);
            else if (Form == Form.MultiplyMasked) Dense.BackwardThroughRelu(_a, _b, _mask, c, M, N, K);
            else if (Form == Form.BiasAndRelu) Dense.Forward(_a, _b, _bias, c, M, K, relu: true);
            else MatMul.AddTransposedA(_a, _b, c, M, N, K, Alpha);
            return c;
        }

        public override string ToString() => $"{Form} {M}×{K}×{N} of {Kind}";
    }
}
