using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Vector operations over float32 spans of equal length n. Sums run over 32 virtual lanes at every width, with one fixed fold.</summary>
public static partial class Vectors
{
    // 32 hides the latency of a dot product: 4 vectors of 8 in flight cover 4 cycles at the one multiply-add a cycle that two loads a cycle allow.
    private const int SumLanes = 32;

    // Sums of squares outside this range have lost bits to overflow or underflow; NormL2 then scales by a power of two and sums again.
    private const float SafeLow = 1e-30f, SafeHigh = float.MaxValue;

    /// <summary>y += alpha·x, one multiply-add an element. x [n], y [n].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled(ReadOnlySpan<float> x, float alpha, Span<float> y)
    {
        Shape.CheckSame(x.Length, y.Length, nameof(x), nameof(y));
        if (Lanes512.IsAccelerated) AddScaled<Lanes512>(x, alpha, y);
        else if (Lanes256.IsAccelerated) AddScaled<Lanes256>(x, alpha, y);
        else if (Lanes128.IsAccelerated) AddScaled<Lanes128>(x, alpha, y);
        else AddScaled<Lanes1>(x, alpha, y);
    }

    /// <summary>x ← alpha·x. x [n].</summary>
    public static void Scale(float alpha, Span<float> x) => TensorPrimitives.Multiply(x, alpha, x);

    /// <summary>Σ x[i]·y[i]; 0 for n = 0. x [n], y [n].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Shape.CheckSame(x.Length, y.Length, nameof(x), nameof(y));
        if (Lanes512.IsAccelerated) return Dot<Lanes512>(x, y);
        if (Lanes256.IsAccelerated) return Dot<Lanes256>(x, y);
        if (Lanes128.IsAccelerated) return Dot<Lanes128>(x, y);
        return Dot<Lanes1>(x, y);
    }

    /// <summary>Σ |x[i]|; 0 for n = 0; NaN if an element is NaN, else ∞ if one is infinite. x [n].</summary>
    public static float NormL1(ReadOnlySpan<float> x)
    {
        // A dot product with ones has the one fixed order of sums, and a product with 1 is exact in either arithmetic class.
        Span<float> sizes = stackalloc float[1024], ones = stackalloc float[1024];
        ones.Fill(1f);
        double total = 0;
        for (; !x.IsEmpty; x = x[Math.Min(sizes.Length, x.Length)..])
        {
            var block = sizes[..Math.Min(sizes.Length, x.Length)];
            TensorPrimitives.Abs(x[..block.Length], block);
            total += Dot(block, ones[..block.Length]);
        }

        return (float)total;
    }

    /// <summary>√Σ x[i]², without overflow or underflow on the way; 0 for n = 0; NaN if an element is NaN, else ∞ if one is infinite. x [n].</summary>
    public static float NormL2(ReadOnlySpan<float> x)
    {
        float sum = Dot(x, x);
        if (sum is > SafeLow and <= SafeHigh) return MathF.Sqrt(sum);
        float largest = NormInf(x);
        if (largest == 0f || !float.IsFinite(largest)) return largest;

        // 2^e ≤ largest < 2^(e+1): x·2^-e lies in (-2, 2), so that up to 2^125 squares sum without overflow. Each scaling is exact or loses what the sum would.
        int e = MathF.ILogB(largest);
        Span<float> block = stackalloc float[1024];
        double total = 0;
        for (; !x.IsEmpty; x = x[Math.Min(block.Length, x.Length)..])
        {
            var scaled = block[..Math.Min(block.Length, x.Length)];
            for (int i = 0; i < scaled.Length; i++) scaled[i] = MathF.ScaleB(x[i], -e);
            total += Dot(scaled, scaled);
        }

        return (float)Math.ScaleB(Math.Sqrt(total), e);
    }

    /// <summary>max |x[i]|; 0 for n = 0; NaN if an element is NaN. x [n].</summary>
    public static float NormInf(ReadOnlySpan<float> x) => x.IsEmpty ? 0f : MathF.Abs(TensorPrimitives.MaxMagnitude(x));

    /// <summary>Whether no element is NaN or infinite. x [n].</summary>
    public static bool AllFinite(ReadOnlySpan<float> x)
    {
        if (Lanes512.IsAccelerated) return AllFinite<Lanes512>(x);
        if (Lanes256.IsAccelerated) return AllFinite<Lanes256>(x);
        if (Lanes128.IsAccelerated) return AllFinite<Lanes128>(x);
        return AllFinite<Lanes1>(x);
    }

    internal static void AddScaled<T>(ReadOnlySpan<float> x, float alpha, Span<float> y) where T : struct, ILanes<T>
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float target = ref MemoryMarshal.GetReference(y);
        T scale = T.Broadcast(alpha);
        int i = 0;
        for (; i <= y.Length - T.Width; i += T.Width)
            T.Store(T.MultiplyAdd(scale, T.Load(ref source, (nuint)i), T.Load(ref target, (nuint)i)), ref target, (nuint)i);
        for (; i < y.Length; i++) y[i] = Lanes1.MultiplyAdd(new Lanes1(alpha), new Lanes1(x[i]), new Lanes1(y[i])).Value;
    }

    internal static float Dot<T>(ReadOnlySpan<float> x, ReadOnlySpan<float> y) where T : struct, ILanes<T>
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float y0 = ref MemoryMarshal.GetReference(y);
        Span<float> lanes = stackalloc float[SumLanes];
        lanes.Clear();
        ref float lane0 = ref MemoryMarshal.GetReference(lanes);
        int whole = x.Length - x.Length % SumLanes;
        for (int lane = 0; lane < SumLanes; lane += 4 * T.Width)
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            nuint width = (nuint)T.Width;
            bool two = SumLanes >= 2 * T.Width, four = SumLanes >= 4 * T.Width;
            for (int i = lane; i < whole; i += SumLanes)
            {
                nuint o = (nuint)i;
                s0 = T.MultiplyAdd(T.Load(ref x0, o), T.Load(ref y0, o), s0);
                if (two) s1 = T.MultiplyAdd(T.Load(ref x0, o + width), T.Load(ref y0, o + width), s1);
                if (four)
                {
                    s2 = T.MultiplyAdd(T.Load(ref x0, o + 2 * width), T.Load(ref y0, o + 2 * width), s2);
                    s3 = T.MultiplyAdd(T.Load(ref x0, o + 3 * width), T.Load(ref y0, o + 3 * width), s3);
                }
            }

            T.Store(s0, ref lane0, (nuint)lane);
            if (two) T.Store(s1, ref lane0, (nuint)lane + width);
            if (four)
            {
                T.Store(s2, ref lane0, (nuint)lane + 2 * width);
                T.Store(s3, ref lane0, (nuint)lane + 3 * width);
            }
        }

        for (int i = whole; i < x.Length; i++) lanes[i - whole] = Lanes1.MultiplyAdd(new Lanes1(x[i]), new Lanes1(y[i]), new Lanes1(lanes[i - whole])).Value;
        for (int l = 0; l < LaneFold.Lanes; l += Quad.Count)
            (Vector128.LoadUnsafe(ref lane0, (nuint)l) + Vector128.LoadUnsafe(ref lane0, (nuint)(l + LaneFold.Lanes))).StoreUnsafe(ref lane0, (nuint)l);
        return LaneFold.FoldOne(ref lane0);
    }

    // x·0 is 0 for a finite x and NaN for any other; a NaN survives every later sum.
    internal static bool AllFinite<T>(ReadOnlySpan<float> x) where T : struct, ILanes<T>
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        T sum = T.Zero;
        int i = 0;
        for (; i <= x.Length - T.Width; i += T.Width) sum += T.Load(ref x0, (nuint)i) * T.Zero;
        Span<float> lanes = stackalloc float[16];
        lanes.Clear();
        T.Store(sum, ref MemoryMarshal.GetReference(lanes), 0);
        float total = 0;
        foreach (float lane in lanes) total += lane;
        for (; i < x.Length; i++) total += x[i] * 0f;
        return total == 0f;
    }
}
