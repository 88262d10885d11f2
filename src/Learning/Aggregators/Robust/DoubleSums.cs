using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Sums of float32 vectors in double, a multiplication and an addition each and never fused, over 16 fixed lanes: the same bits on every machine. The rules
/// that compare clients need them, since a difference of two close float32 sums would be noise.
/// </summary>
internal static class DoubleSums
{
    private const int Lanes = 16;

    /// <summary>Σ (x[i] - y[i])². Exactly symmetric, and 0 for equal vectors.</summary>
    public static double SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var (x0, x1) = Vector256.Widen(Load(x, i));
            var (x2, x3) = Vector256.Widen(Load(x, i + 8));
            var (y0, y1) = Vector256.Widen(Load(y, i));
            var (y2, y3) = Vector256.Widen(Load(y, i + 8));
            s0 += Square(x0 - y0);
            s1 += Square(x1 - y1);
            s2 += Square(x2 - y2);
            s3 += Square(x3 - y3);
        }

        double sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < x.Length; i++) sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
        return sum;
    }

    /// <summary>Σ (x[i] - y[i])².</summary>
    public static double SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<double> y)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var (x0, x1) = Vector256.Widen(Load(x, i));
            var (x2, x3) = Vector256.Widen(Load(x, i + 8));
            s0 += Square(x0 - Load(y, i));
            s1 += Square(x1 - Load(y, i + 4));
            s2 += Square(x2 - Load(y, i + 8));
            s3 += Square(x3 - Load(y, i + 12));
        }

        double sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < x.Length; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }

    /// <summary>y += alpha·x.</summary>
    public static void AddScaled(ReadOnlySpan<float> x, double alpha, Span<double> y)
    {
        var scale = Vector256.Create(alpha);
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            var (x0, x1) = Vector256.Widen(Load(x, i));
            (Load(y, i) + scale * x0).CopyTo(y[i..]);
            (Load(y, i + 4) + scale * x1).CopyTo(y[(i + 4)..]);
        }

        for (; i < x.Length; i++) y[i] += alpha * x[i];
    }

    private static Vector256<double> Square(Vector256<double> x) => x * x;

    private static Vector256<T> Load<T>(ReadOnlySpan<T> x, int i) where T : unmanaged => Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);
}
