using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Reports;

namespace FedPure.Benchmarks.Measuring;

/// <summary>
/// The peak that "% of peak" refers to: independent multiply-adds that stay in registers. Two a cycle at a latency of 4 need 8 chains, 12 leave slack. The
/// start values differ, or the compiler would fold the chains into one.
/// </summary>
public class PeakFma
{
    private const int Chains = 12, Steps = 4096;

    // x ← 0.75·x + 0.25 stays near 1: neither infinite nor subnormal.
    private float _factor = 0.75f, _addend = 0.25f;

    public static double Gflops { get; private set; }

    [ParamsSource(nameof(Widths))]
    public VectorWidth Width { get; set; }

    public static IEnumerable<VectorWidth> Widths()
    {
        if (Vector512.IsHardwareAccelerated) yield return new(512);
        if (Vector256.IsHardwareAccelerated) yield return new(256);
        yield return new(128);
    }

    /// <summary>Remembers the fastest width for the columns of the classes that run after this one.</summary>
    public static void Remember(Summary summary) =>
        Gflops = summary.Reports.Where(report => report.ResultStatistics is not null).Select(WorkColumn.Flops).DefaultIfEmpty().Max();

    [Benchmark]
    public float MultiplyAdd() => Width.Bits switch { 512 => Loop512(_factor, _addend), 256 => Loop256(_factor, _addend), _ => Loop128(_factor, _addend) };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop512(float factor, float addend)
    {
        var f = Vector512.Create(factor);
        var a = Vector512.Create(addend);
        var x0 = Vector512.Create(1f + 0 * addend);
        var x1 = Vector512.Create(1f + 1 * addend);
        var x2 = Vector512.Create(1f + 2 * addend);
        var x3 = Vector512.Create(1f + 3 * addend);
        var x4 = Vector512.Create(1f + 4 * addend);
        var x5 = Vector512.Create(1f + 5 * addend);
        var x6 = Vector512.Create(1f + 6 * addend);
        var x7 = Vector512.Create(1f + 7 * addend);
        var x8 = Vector512.Create(1f + 8 * addend);
        var x9 = Vector512.Create(1f + 9 * addend);
        var x10 = Vector512.Create(1f + 10 * addend);
        var x11 = Vector512.Create(1f + 11 * addend);
        for (int step = 0; step < Steps; step++)
        {
            x0 = Vector512.MultiplyAddEstimate(x0, f, a);
            x1 = Vector512.MultiplyAddEstimate(x1, f, a);
            x2 = Vector512.MultiplyAddEstimate(x2, f, a);
            x3 = Vector512.MultiplyAddEstimate(x3, f, a);
            x4 = Vector512.MultiplyAddEstimate(x4, f, a);
            x5 = Vector512.MultiplyAddEstimate(x5, f, a);
            x6 = Vector512.MultiplyAddEstimate(x6, f, a);
            x7 = Vector512.MultiplyAddEstimate(x7, f, a);
            x8 = Vector512.MultiplyAddEstimate(x8, f, a);
            x9 = Vector512.MultiplyAddEstimate(x9, f, a);
            x10 = Vector512.MultiplyAddEstimate(x10, f, a);
            x11 = Vector512.MultiplyAddEstimate(x11, f, a);
        }

        return Vector512.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop256(float factor, float addend)
    {
        var f = Vector256.Create(factor);
        var a = Vector256.Create(addend);
        var x0 = Vector256.Create(1f + 0 * addend);
        var x1 = Vector256.Create(1f + 1 * addend);
        var x2 = Vector256.Create(1f + 2 * addend);
        var x3 = Vector256.Create(1f + 3 * addend);
        var x4 = Vector256.Create(1f + 4 * addend);
        var x5 = Vector256.Create(1f + 5 * addend);
        var x6 = Vector256.Create(1f + 6 * addend);
        var x7 = Vector256.Create(1f + 7 * addend);
        var x8 = Vector256.Create(1f + 8 * addend);
        var x9 = Vector256.Create(1f + 9 * addend);
        var x10 = Vector256.Create(1f + 10 * addend);
        var x11 = Vector256.Create(1f + 11 * addend);
        for (int step = 0; step < Steps; step++)
        {
            x0 = Vector256.MultiplyAddEstimate(x0, f, a);
            x1 = Vector256.MultiplyAddEstimate(x1, f, a);
            x2 = Vector256.MultiplyAddEstimate(x2, f, a);
            x3 = Vector256.MultiplyAddEstimate(x3, f, a);
            x4 = Vector256.MultiplyAddEstimate(x4, f, a);
            x5 = Vector256.MultiplyAddEstimate(x5, f, a);
            x6 = Vector256.MultiplyAddEstimate(x6, f, a);
            x7 = Vector256.MultiplyAddEstimate(x7, f, a);
            x8 = Vector256.MultiplyAddEstimate(x8, f, a);
            x9 = Vector256.MultiplyAddEstimate(x9, f, a);
            x10 = Vector256.MultiplyAddEstimate(x10, f, a);
            x11 = Vector256.MultiplyAddEstimate(x11, f, a);
        }

        return Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop128(float factor, float addend)
    {
        var f = Vector128.Create(factor);
        var a = Vector128.Create(addend);
        var x0 = Vector128.Create(1f + 0 * addend);
        var x1 = Vector128.Create(1f + 1 * addend);
        var x2 = Vector128.Create(1f + 2 * addend);
        var x3 = Vector128.Create(1f + 3 * addend);
        var x4 = Vector128.Create(1f + 4 * addend);
        var x5 = Vector128.Create(1f + 5 * addend);
        var x6 = Vector128.Create(1f + 6 * addend);
        var x7 = Vector128.Create(1f + 7 * addend);
        var x8 = Vector128.Create(1f + 8 * addend);
        var x9 = Vector128.Create(1f + 9 * addend);
        var x10 = Vector128.Create(1f + 10 * addend);
        var x11 = Vector128.Create(1f + 11 * addend);
        for (int step = 0; step < Steps; step++)
        {
            x0 = Vector128.MultiplyAddEstimate(x0, f, a);
            x1 = Vector128.MultiplyAddEstimate(x1, f, a);
            x2 = Vector128.MultiplyAddEstimate(x2, f, a);
            x3 = Vector128.MultiplyAddEstimate(x3, f, a);
            x4 = Vector128.MultiplyAddEstimate(x4, f, a);
            x5 = Vector128.MultiplyAddEstimate(x5, f, a);
            x6 = Vector128.MultiplyAddEstimate(x6, f, a);
            x7 = Vector128.MultiplyAddEstimate(x7, f, a);
            x8 = Vector128.MultiplyAddEstimate(x8, f, a);
            x9 = Vector128.MultiplyAddEstimate(x9, f, a);
            x10 = Vector128.MultiplyAddEstimate(x10, f, a);
            x11 = Vector128.MultiplyAddEstimate(x11, f, a);
        }

        return Vector128.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    public readonly record struct VectorWidth(int Bits) : IWork
    {
        public double Flop => 2.0 * Chains * Steps * (Bits / 32);

        public override string ToString() => $"{Bits} bits";
    }
}
