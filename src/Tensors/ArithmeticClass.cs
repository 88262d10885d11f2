using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// The one thing about a processor that results depend on: whether a·b + c is rounded once (fused) or twice (unfused). Within a class every kernel gives the
/// same bits at every vector width; between the classes results agree to rounding only.
/// </summary>
public enum ArithmeticClass
{
    /// <summary>
    /// Multiply and add round separately: x64 without FMA (a default NativeAOT image, <c>DOTNET_EnableAVX2=0</c>, <c>DOTNET_EnableHWIntrinsic=0</c>).
    /// </summary>
    Unfused,

    /// <summary>One rounding: x64 with FMA at 128, 256 or 512 bits, and ARM64.</summary>
    Fused,
}

/// <summary>What this process computes with.</summary>
public static class Arithmetic
{
    /// <summary>The arithmetic class of this process, found by a multiply-add whose two roundings differ from one.</summary>
    public static ArithmeticClass Class { get; } = Probe(1f / 4096f);

    /// <summary>The widest vectors that the kernels use here, in bits: 512, 256, 128, or 32 for scalar code.</summary>
    public static int VectorBits { get; } = AcceleratedVectorBits is [var widest, ..] ? widest : 32;

    /// <summary>All vector widths accelerated here in bits, widest first; empty where only scalar code runs.</summary>
    public static ReadOnlySpan<int> AcceleratedVectorBits =>
        Vector512.IsHardwareAccelerated ? [512, 256, 128] : Vector256.IsHardwareAccelerated ? [256, 128] : Vector128.IsHardwareAccelerated ? [128] : [];

    // (1 + 2^-12)² = 1 + 2^-11 + 2^-24. Rounded to float32 on its own the 2^-24 is lost (a tie that goes to even); kept until after the subtraction it
    // survives.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ArithmeticClass Probe(float step)
    {
        var x = new Lanes1(1f + step);
        float residue = Lanes1.MultiplyAdd(x, x, new Lanes1(-(1f + 2f * step))).Value;
        return residue == 0f ? ArithmeticClass.Unfused : ArithmeticClass.Fused;
    }
}
