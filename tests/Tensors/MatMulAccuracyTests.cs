using FedPure.Tensors.Kernels;

namespace FedPure.Tensors;

/// <summary>Every product against its reference, within the bound of its order of summation. |a|·|b| is the reference of the absolute values.</summary>
public class MatMulAccuracyTests
{
    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny)]
    public void Multiply_is_within_gamma_k(DataKind kind)
    {
        foreach (var (m, k, n) in Sizes.Products)
        {
            float[] a = Samples.Create(kind, m * k, 1), b = Samples.Create(kind, k * n, 2), c = Samples.Create(kind, m * n, 3);
            double[] expected = new double[m * n], magnitude = new double[m * n];
            Reference.Multiply(a, b, expected, m, n, k);
            Reference.Multiply(Doubles.Abs(a), Doubles.Abs(b), magnitude, m, n, k);
            MatMul.Multiply(a, b, c, m, n, k);

            // Element p is rounded once as a product and once by each of the k - p sums that follow, the first of which, to 0, is exact: k at most.
            for (int i = 0; i < c.Length; i++) AssertWithin(Rounding.SumBound(k, k, magnitude[i]), expected[i], c[i], $"{m}×{k}×{n}", i);
        }
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny)]
    public void MultiplyTransposedB_is_within_gamma_of_its_sum(DataKind kind)
    {
        foreach (var (m, k, n) in Sizes.Products)
        {
            float[] a = Samples.Create(kind, m * k, 1), b = Samples.Create(kind, n * k, 2), c = Samples.Create(kind, m * n, 3);
            double[] expected = new double[m * n], magnitude = new double[m * n];
            Reference.MultiplyTransposedB(a, b, expected, m, n, k);
            Reference.MultiplyTransposedB(Doubles.Abs(a), Doubles.Abs(b), magnitude, m, n, k);
            MatMul.MultiplyTransposedB(a, b, c, m, n, k);

            // A lane holds ⌈k/16⌉ products, so each is rounded that often in its lane, and four times in the fold of 16 lanes; or b was turned, and it is as in
            // Multiply.
            int roundings = TileShape.TurnsB(m, n, k) ? k : (k + 15) / 16 + 4;
            for (int i = 0; i < c.Length; i++) AssertWithin(Rounding.SumBound(roundings, k + 16, magnitude[i]), expected[i], c[i], $"{m}×{k}×{n}", i);
        }
    }

    [Theory, InlineData(DataKind.Plain, 1f), InlineData(DataKind.Plain, -0.02f), InlineData(DataKind.Tiny, -0.7f)]
    public void AddTransposedA_is_within_gamma_k_and_two(DataKind kind, float alpha)
    {
        foreach (var (m, k, n) in Sizes.Products)
        {
            float[] a = Samples.Create(kind, k * m, 1), b = Samples.Create(kind, k * n, 2), c = Samples.Create(kind, m * n, 3);
            double[] expected = Doubles.Widen(c), magnitude = Doubles.Widen(Doubles.Abs(c));
            Reference.AddTransposedA(a, b, expected, m, n, k, alpha);
            Reference.AddTransposedA(Doubles.Abs(a), Doubles.Abs(b), magnitude, m, n, k, Math.Abs(alpha));
            MatMul.AddTransposedA(a, b, c, m, n, k, alpha);

            // γ_k as in Multiply, then the product by alpha and the sum with c: one rounding when fused, two when not.
            for (int i = 0; i < c.Length; i++) AssertWithin(Rounding.SumBound(k + 2, k + 2, magnitude[i]), expected[i], c[i], $"{m}×{k}×{n}, alpha {alpha}", i);
        }
    }

    [Fact]
    public void The_identity_changes_nothing()
    {
        foreach (int n in Sizes.Lengths)
        {
            float[] a = Samples.Create(DataKind.Plain, 5 * n, 4), identity = new float[n * n], c = new float[5 * n];
            for (int i = 0; i < n; i++) identity[i * n + i] = 1f;
            MatMul.Multiply(a, identity, c, 5, n, n);
            Bits.AssertSame(a, c, $"a·I, n = {n}");
            MatMul.MultiplyTransposedB(a, identity, c, 5, n, n);
            Bits.AssertSame(a, c, $"a·Iᵀ, n = {n}");
        }
    }

    [Fact]
    public void A_small_product_is_what_the_hand_gives()
    {
        float[] a = [1, 2, 3, 4, 5, 6], b = [7, 8, 9, 10, 11, 12], c = new float[4];
        MatMul.Multiply(a, b, c, 2, 2, 3); // [1 2 3; 4 5 6]·[7 8; 9 10; 11 12]
        Assert.Equal([58, 64, 139, 154], c);
        MatMul.MultiplyTransposedB(a, b, c, 2, 2, 3); // [1 2 3; 4 5 6]·[7 8 9; 10 11 12]ᵀ
        Assert.Equal([50, 68, 122, 167], c);
        c = [1, 1, 1, 1];
        MatMul.AddTransposedA(a, b, c, 2, 2, 3, 2f); // 1 + 2·[1 2; 3 4; 5 6]ᵀ·[7 8; 9 10; 11 12]
        Assert.Equal([179, 197, 233, 257], c);
    }

    private static void AssertWithin(double bound, double expected, float actual, string what, int index)
    {
        if (!(Math.Abs(actual - expected) <= bound)) Assert.Fail($"{what}: element {index} is {actual:R}, expected {expected:R} ± {bound:R}.");
    }
}
