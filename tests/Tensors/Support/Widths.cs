using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>What a kernel returned: its buffer, and what it counted or summed beside it.</summary>
internal readonly record struct KernelResult(float[] Values, double Sum = 0, int Count = 0);

/// <summary>A kernel with its operands, to be run at any width, with buffers that start at any offset from alignment.</summary>
internal interface IKernelRun
{
    /// <summary>Whether the kernel takes vectors of that many lanes for these operands.</summary>
    bool Takes(int width) => true;

    KernelResult Run<T>(int offset) where T : struct, ILanes<T>;
}

/// <summary>Runs a kernel at every width in this process, whether the hardware has it or not, and compares the bits.</summary>
internal static class Widths
{
    private const int Offsets = 4;

    /// <summary>Compares every width with one lane. They start at different offsets, and <paramref name="turn"/> moves these on.</summary>
    public static void AssertSameBits(IKernelRun kernel, int turn = 0)
    {
        var expected = kernel.Run<Lanes1>(turn % Offsets);
        Compare<Lanes128>(kernel, expected, (turn + 1) % Offsets);
        Compare<Lanes256>(kernel, expected, (turn + 2) % Offsets);
        Compare<Lanes512>(kernel, expected, (turn + 3) % Offsets);
        Compare<LanesOfVectorT>(kernel, expected, (turn + 2) % Offsets);
    }

    /// <summary>As <see cref="AssertSameBits"/> at all four turns, so that every width starts at every offset.</summary>
    public static void AssertSameBitsAtEveryOffset(IKernelRun kernel)
    {
        for (int turn = 0; turn < Offsets; turn++) AssertSameBits(kernel, turn);
    }

    private static void Compare<T>(IKernelRun kernel, KernelResult expected, int offset) where T : struct, ILanes<T>
    {
        if (!kernel.Takes(T.Width)) return;
        string what = $"{kernel} at {typeof(T).Name}, offset {offset}";
        var actual = kernel.Run<T>(offset);
        Bits.AssertSame(expected.Values, actual.Values, what);
        Bits.AssertSame(expected.Sum, actual.Sum, what);
        Assert.True(expected.Count == actual.Count, $"{what}: counted {actual.Count}, expected {expected.Count}.");
    }
}
