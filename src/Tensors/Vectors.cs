using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Vector operations over float32 spans of equal length n. Sums run over 64 virtual lanes at every width, with one fixed fold.</summary>
public static partial class Vectors
{
    // 64 hides the latency of a dot product at the widest: 4 vectors of 16 in flight cover 4 cycles at the one multiply-add a cycle that two loads a cycle
    // allow.
    private const int SumLanes = 64;

    // Vectors of lanes summed in one pass over the span: with two operands they leave registers over where there are 16. 64 lanes take 2 passes at 128 bits, 8
    // in scalars.
    private const int Chains = 8;

    // Sums of squares outside this range have lost bits to overflow or underflow; NormL2 then scales by a power of two and sums again.
    private const float SafeLow = 1e-30f, SafeHigh = float.MaxValue;

    // The second factor of each product: the element of y, or that of x again, which is then read once: a read across two cache lines costs two.
    private interface ISecondFactor
    {
        static abstract T Of<T>(T first, ref float y, nuint i) where T : struct, ILanes<T>;
    }

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
        float sum = SumOfSquares(x);
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
            total += SumOfSquares(scaled);
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
        nuint width = (nuint)T.Width, length = (nuint)y.Length, i = 0;
        if (length < 2 * width)
        {
            for (; i < length; i++) AddScaledAt(new Lanes1(alpha), ref source, ref target, i);
            return;
        }

        // A vector at each end, read before anything is written, covers what is left before the first aligned store and after the last: the elements that the
        // loop writes too get the same bits twice. A store across two cache lines costs two; the reference may move later, which costs time and no bits.
        T head = T.MultiplyAdd(scale, T.Load(ref source, 0), T.Load(ref target, 0));
        T tail = T.MultiplyAdd(scale, T.Load(ref source, length - width), T.Load(ref target, length - width));
        for (i = width - AlignedMemory.FloatsPast(ref target, width); i + 4 * width <= length; i += 4 * width)
        {
            AddScaledAt(scale, ref source, ref target, i);
            AddScaledAt(scale, ref source, ref target, i + width);
            AddScaledAt(scale, ref source, ref target, i + 2 * width);
            AddScaledAt(scale, ref source, ref target, i + 3 * width);
        }

        for (; i + width <= length; i += width) AddScaledAt(scale, ref source, ref target, i);
        T.Store(head, ref target, 0);
        T.Store(tail, ref target, length - width);
    }

    internal static float Dot<T>(ReadOnlySpan<float> x, ReadOnlySpan<float> y) where T : struct, ILanes<T> => SumOfProducts<T, OtherFactor>(x, y);

    internal static float SumOfSquares<T>(ReadOnlySpan<float> x) where T : struct, ILanes<T> => SumOfProducts<T, SameFactor>(x, x);

    private static float SumOfSquares(ReadOnlySpan<float> x)
    {
        if (Lanes512.IsAccelerated) return SumOfSquares<Lanes512>(x);
        if (Lanes256.IsAccelerated) return SumOfSquares<Lanes256>(x);
        if (Lanes128.IsAccelerated) return SumOfSquares<Lanes128>(x);
        return SumOfSquares<Lanes1>(x);
    }

    private static float SumOfProducts<T, TSecond>(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        where T : struct, ILanes<T>
        where TSecond : struct, ISecondFactor
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float y0 = ref MemoryMarshal.GetReference(y);
        Span<float> lanes = stackalloc float[SumLanes];
        lanes.Clear();
        ref float lane0 = ref MemoryMarshal.GetReference(lanes);
        nuint width = (nuint)T.Width, length = (nuint)x.Length, whole = length - length % SumLanes;
        if (whole > 0)
        {
            for (nuint lane = 0; lane < SumLanes; lane += Chains * width) SumLanesFrom<T, TSecond>(lane, ref x0, ref y0, whole, ref lane0);
        }

        nuint i = whole;
        for (; i + width <= length; i += width) T.Store(AddProduct<T, TSecond>(ref x0, ref y0, i, T.Load(ref lane0, i - whole)), ref lane0, i - whole);
        for (; i < length; i++) lanes[(int)(i - whole)] = AddProduct<Lanes1, TSecond>(ref x0, ref y0, i, new Lanes1(lanes[(int)(i - whole)])).Value;
        for (nuint half = SumLanes / 2; half >= LaneFold.Lanes; half /= 2)
        {
            for (nuint l = 0; l < half; l += Quad.Count)
                (Vector128.LoadUnsafe(ref lane0, l) + Vector128.LoadUnsafe(ref lane0, l + half)).StoreUnsafe(ref lane0, l);
        }

        return LaneFold.FoldOne(ref lane0);
    }

    // lanes[lane .. lane + Chains vectors) ← the sums of x[i]·y[i] over i ≡ that lane (mod SumLanes), i < whole.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLanesFrom<T, TSecond>(nuint lane, ref float x, ref float y, nuint whole, ref float lanes)
        where T : struct, ILanes<T>
        where TSecond : struct, ISecondFactor
    {
        nuint width = (nuint)T.Width;
        bool eight = SumLanes >= Chains * T.Width;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, s4 = T.Zero, s5 = T.Zero, s6 = T.Zero, s7 = T.Zero;
        for (nuint i = lane; i < whole; i += SumLanes)
        {
            s0 = AddProduct<T, TSecond>(ref x, ref y, i, s0);
            s1 = AddProduct<T, TSecond>(ref x, ref y, i + width, s1);
            s2 = AddProduct<T, TSecond>(ref x, ref y, i + 2 * width, s2);
            s3 = AddProduct<T, TSecond>(ref x, ref y, i + 3 * width, s3);
            if (eight)
            {
                s4 = AddProduct<T, TSecond>(ref x, ref y, i + 4 * width, s4);
                s5 = AddProduct<T, TSecond>(ref x, ref y, i + 5 * width, s5);
                s6 = AddProduct<T, TSecond>(ref x, ref y, i + 6 * width, s6);
                s7 = AddProduct<T, TSecond>(ref x, ref y, i + 7 * width, s7);
            }
        }

        T.Store(s0, ref lanes, lane);
        T.Store(s1, ref lanes, lane + width);
        T.Store(s2, ref lanes, lane + 2 * width);
        T.Store(s3, ref lanes, lane + 3 * width);
        if (eight)
        {
            T.Store(s4, ref lanes, lane + 4 * width);
            T.Store(s5, ref lanes, lane + 5 * width);
            T.Store(s6, ref lanes, lane + 6 * width);
            T.Store(s7, ref lanes, lane + 7 * width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AddProduct<T, TSecond>(ref float x, ref float y, nuint i, T sum)
        where T : struct, ILanes<T>
        where TSecond : struct, ISecondFactor
    {
        T first = T.Load(ref x, i);
        return T.MultiplyAdd(first, TSecond.Of(first, ref y, i), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaledAt<T>(T scale, ref float x, ref float y, nuint i) where T : struct, ILanes<T> =>
        T.Store(T.MultiplyAdd(scale, T.Load(ref x, i), T.Load(ref y, i)), ref y, i);

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

    private readonly struct OtherFactor : ISecondFactor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T first, ref float y, nuint i) where T : struct, ILanes<T> => T.Load(ref y, i);
    }

    private readonly struct SameFactor : ISecondFactor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T first, ref float y, nuint i) where T : struct, ILanes<T> => first;
    }
}
