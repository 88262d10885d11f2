using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// exp and log in float32, as one polynomial each over lanes, scalar included: the C runtime's functions differ between systems and would let a value's bits
/// depend on where in a span it stands. Coefficients: minimax by the Remez exchange algorithm, rounded to float32.
/// </summary>
public static partial class Elementary
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has 12 trailing zero bits, so that n·Ln2High is exact for |n| < 2^12 in either arithmetic class.
    private const float Ln2High = 0.693115234375f, Ln2Low = 3.19461833e-05f;

    // Adding 1.5·2^23 leaves no bits below 1: the sum is x rounded to the nearest integer, ties to even, for |x| < 2^22.
    private const float RoundToInteger = 12582912f;

    // e^x overflows above 88.7228 and is less than half the smallest subnormal below -103.972; beyond these arguments nothing changes any more.
    private const float ExpLow = -104f, ExpHigh = 89f;

    private const float SmallestNormal = 1.17549435e-38f, TwoTo25 = 33554432f;

    private interface IFunction
    {
        static abstract T Apply<T>(T x) where T : struct, ILanes<T>;
    }

    /// <summary>
    /// destination[i] = e^x[i], within 1.01 ulp; over every float32 the largest error is 1.0096 ulp in the fused class, 0.978 in the unfused one, and 0.751
    /// where the result is subnormal. e^-∞ = 0, e^∞ = ∞, NaN stays NaN. In place is allowed.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Map<ExpFunction>(x, destination);

    /// <summary>
    /// destination[i] = ln x[i], within 0.86 ulp, subnormal arguments too; over every float32 the largest error is 0.853 ulp in the fused class and 0.857 in
    /// the unfused one. ln 0 = -∞, ln ∞ = ∞, NaN for NaN and x &lt; 0. In place is allowed.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Log(ReadOnlySpan<float> x, Span<float> destination) => Map<LogFunction>(x, destination);

    /// <summary>e^x = 2^n·e^r with n = rint(x/ln 2) and |r| ≤ ln 2/2; e^r = 1 + r + r²·q(r) with a relative error below 2^-28 before rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x) where T : struct, ILanes<T>
    {
        T low = T.Broadcast(ExpLow), high = T.Broadcast(ExpHigh);
        x = T.SelectLess(x, low, low, x);
        x = T.SelectLess(high, x, high, x);
        T magic = T.Broadcast(RoundToInteger);
        T n = T.MultiplyAdd(x, T.Broadcast(Log2E), magic) - magic;
        T r = T.MultiplyAdd(n, T.Broadcast(-Ln2Low), T.MultiplyAdd(n, T.Broadcast(-Ln2High), x));
        T q = T.Broadcast(0.00138141913f);
        q = T.MultiplyAdd(q, r, T.Broadcast(0.00836891402f));
        q = T.MultiplyAdd(q, r, T.Broadcast(0.0416684076f));
        q = T.MultiplyAdd(q, r, T.Broadcast(0.166665196f));
        q = T.MultiplyAdd(q, r, T.Broadcast(0.49999994f));
        T p = T.MultiplyAdd(r * r, q, r) + T.Broadcast(1f);
        return T.ScaleByPowerOfTwo(p, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x) where T : struct, ILanes<T>
    {
        if (!T.AreNormal(x)) return LogOfAny(x);
        T.Split(x, out T mantissa, out T e);
        return LogOfParts(mantissa, e);
    }

    // Not inlined: a third of the operations, for what is rare.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T LogOfAny<T>(T x) where T : struct, ILanes<T>
    {
        T tiny = T.Broadcast(SmallestNormal);
        T.Split(T.SelectLess(x, tiny, x * T.Broadcast(TwoTo25), x), out T mantissa, out T e);
        T result = LogOfParts(mantissa, T.SelectLess(x, tiny, e - T.Broadcast(25f), e));

        // Outside (0, ∞): ∞ and NaN come back as they are; what is below 0 gives NaN, and x - ∞ is -∞ for 0 and NaN for NaN.
        T infinity = T.Broadcast(float.PositiveInfinity), nan = T.Broadcast(float.NaN);
        result = T.SelectLess(x, infinity, result, x);
        return T.SelectLess(T.Zero, x, result, T.SelectLess(x, T.Zero, nan, x - infinity));
    }

    /// <summary>
    /// ln(mantissa·2^e) = e·ln 2 + ln(1 + f) with 1 + f in [√½, √2); ln(1 + f) = f - f²/2 + f³·P(f) with a relative error below 2^-30 before rounding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogOfParts<T>(T mantissa, T e) where T : struct, ILanes<T>
    {
        T f = mantissa - T.Broadcast(1f);
        T square = f * f;

        // P's even and odd terms as polynomials in f²: as many operations as one chain, which would be twice as long.
        T even = T.MultiplyAdd(T.Broadcast(0.06747742f), square, T.Broadcast(0.118886933f));
        even = T.MultiplyAdd(even, square, T.Broadcast(0.142194539f));
        even = T.MultiplyAdd(even, square, T.Broadcast(0.200021237f));
        even = T.MultiplyAdd(even, square, T.Broadcast(0.333333135f));
        T odd = T.MultiplyAdd(T.Broadcast(-0.116775185f), square, T.Broadcast(-0.124053396f));
        odd = T.MultiplyAdd(odd, square, T.Broadcast(-0.166680053f));
        odd = T.MultiplyAdd(odd, square, T.Broadcast(-0.250000089f));
        T p = T.MultiplyAdd(odd, f, even);
        T y = T.MultiplyAdd(e, T.Broadcast(Ln2Low), f * square * p);
        y = T.MultiplyAdd(T.Broadcast(-0.5f), square, y);
        return T.MultiplyAdd(e, T.Broadcast(Ln2High), f + y);
    }

    private static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> destination) where TFunction : struct, IFunction
    {
        Shape.CheckSame(destination.Length, x.Length, nameof(destination), nameof(x));
        if (Lanes512.IsAccelerated) Map<Lanes512, TFunction>(x, destination);
        else if (Lanes256.IsAccelerated) Map<Lanes256, TFunction>(x, destination);
        else if (Lanes128.IsAccelerated) Map<Lanes128, TFunction>(x, destination);
        else Map<Lanes1, TFunction>(x, destination);
    }

    // Not inlined: a caller that the JIT compiles again when it is hot would take in this loop, run out of its budget of inlining and leave a call with a
    // vector in memory for each step: log then took 4.7 ns an element instead of 0.24 (seen with DOTNET_JitDisasm; gone with DOTNET_TieredCompilation=0).
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Map<T, TFunction>(ReadOnlySpan<float> x, Span<float> destination)
        where T : struct, ILanes<T>
        where TFunction : struct, IFunction
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float target = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= x.Length - T.Width; i += T.Width) T.Store(TFunction.Apply(T.Load(ref source, (nuint)i)), ref target, (nuint)i);
        for (; i < x.Length; i++) Lanes1.Store(TFunction.Apply(Lanes1.Load(ref source, (nuint)i)), ref target, (nuint)i);
    }

    private readonly struct ExpFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x) where T : struct, ILanes<T> => Exp(x);
    }

    private readonly struct LogFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x) where T : struct, ILanes<T> => Log(x);
    }
}
