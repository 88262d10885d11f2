using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>What the library reports of the processor agrees with the runtime, and with the switches that a test run was started with.</summary>
public class ArithmeticTests
{
    [Fact]
    public void The_class_is_fused_exactly_where_the_hardware_fuses() =>
        Assert.Equal(Fma.IsSupported || AdvSimd.IsSupported ? ArithmeticClass.Fused : ArithmeticClass.Unfused, Arithmetic.Class);

    [Fact]
    public void The_widest_vectors_are_those_that_the_runtime_accelerates()
    {
        int expected = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;
        Assert.Equal(expected, Arithmetic.VectorBits);
        Assert.Equal(expected, Arithmetic.AcceleratedVectorBits is [var widest, ..] ? widest : 32);
    }

    [Fact]
    public void Every_width_multiplies_and_adds_in_the_class_of_the_process()
    {
        AssertClass<Lanes1>();
        AssertClass<Lanes128>();
        AssertClass<Lanes256>();
        AssertClass<Lanes512>();
        AssertClass<LanesOfVectorT>();
    }

    // A run with a switch that does nothing would go green testing the default path once more. The switches are those of x64.
    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", 32, ArithmeticClass.Unfused)]
    [InlineData("DOTNET_EnableAVX2", "0", 128, ArithmeticClass.Unfused)]
    [InlineData("DOTNET_EnableAVX512", "0", 256, null)]
    [InlineData("DOTNET_PreferredVectorBitWidth", "128", 128, null)]
    public void A_switch_that_is_set_has_taken_effect(string name, string value, int widest, ArithmeticClass? expected)
    {
        if (Environment.GetEnvironmentVariable(name) != value || AdvSimd.IsSupported) return;
        Assert.True(Arithmetic.VectorBits <= widest, $"{name}={value}, but {Arithmetic.VectorBits} bits are in use.");
        Assert.Equal(expected ?? Arithmetic.Class, Arithmetic.Class);
    }

    // (1 + 2^-12)² - (1 + 2^-11) is 2^-24 if rounded once and 0 if the product is rounded on its own.
    private static void AssertClass<T>() where T : struct, ILanes<T>
    {
        Span<float> lanes = stackalloc float[T.Width];
        T x = T.Broadcast(1f + 1f / 4096f);
        T.Store(T.MultiplyAdd(x, x, T.Broadcast(-(1f + 2f / 4096f))), ref lanes[0], 0);
        foreach (float lane in lanes) Assert.Equal(Arithmetic.Class == ArithmeticClass.Fused ? (float)Rounding.Unit : 0f, lane);
    }
}
