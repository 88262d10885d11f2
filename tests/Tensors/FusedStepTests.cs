namespace FedPure.Tensors;

/// <summary>A fused step equals its parts, bit for bit.</summary>
public class FusedStepTests
{
    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge)]
    public void AddTransposedA_is_the_gradient_and_then_AddScaled(DataKind kind)
    {
        foreach (var (m, k, n) in Sizes.Products)
        {
            float[] a = Samples.Create(kind, k * m, 1), b = Samples.Create(kind, k * n, 2), fused = Samples.Create(kind, m * n, 3), composed = [.. fused];
            MatMul.AddTransposedA(a, b, fused, m, n, k, -0.02f);

            float[] gradient = new float[m * n];
            MatMul.AddTransposedA(a, b, gradient, m, n, k);
            if (k > 0) Vectors.AddScaled(gradient, -0.02f, composed);
            Bits.AssertSame(composed, fused, $"{m}×{k}×{n} of {kind}");
        }
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny)]
    public void AddBiasGradient_is_the_gradient_and_then_AddScaled(DataKind kind)
    {
        foreach (int n in Sizes.Lengths)
        {
            if (n == 0) continue;
            float[] d = Samples.Create(kind, 20 * n, 1), fused = Samples.Create(kind, n, 2), composed = [.. fused], gradient = new float[n];
            Activation.AddBiasGradient(d, fused, -0.02f);
            Activation.AddBiasGradient(d, gradient);
            Vectors.AddScaled(gradient, -0.02f, composed);
            Bits.AssertSame(composed, fused, $"n = {n} of {kind}");
        }
    }

    // A gradient that sums to -0 in one multiply-add would meet c = -0 as -0 + -0; out of a cleared gradient buffer it comes as +0.
    [Fact]
    public void Zeros_keep_the_sign_that_a_gradient_buffer_gives_them()
    {
        float[] tiny = [-1e-30f], other = [1e-30f];
        foreach (int n in (ReadOnlySpan<int>)[1, 4, 5, 8, 9, 16, 17, 33])
        {
            float[] b = new float[n], fused = new float[n], composed = new float[n], gradient = new float[n];
            b.AsSpan().Fill(other[0]);
            fused.AsSpan().Fill(-0f);
            composed.AsSpan().Fill(-0f);
            MatMul.AddTransposedA(tiny, b, fused, 1, n, 1, 1f);
            MatMul.AddTransposedA(tiny, b, gradient, 1, n, 1);
            Vectors.AddScaled(gradient, 1f, composed);
            Bits.AssertSame(composed, fused, $"n = {n}");
        }
    }
}
