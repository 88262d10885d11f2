using System.Runtime.CompilerServices;

namespace FedPure.Tensors;

/// <summary>
/// Memory that starts at a multiple of 64 bytes, a cache line and the widest vector. Kernels take any address and give the same bits at each; but a vector that
/// straddles two lines costs two accesses, and a row of 784 floats is 49 whole lines, so that an aligned table has every row aligned. Measured at 512 bits, the
/// products of the tutorial run 3 to 6 % faster.
/// </summary>
public static class AlignedMemory
{
    private const int Alignment = 64;

    /// <summary>Zeros [length] on the pinned heap, which the garbage collector frees but does not move: for buffers that live long.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static Memory<float> Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        const int Slack = Alignment / sizeof(float);
        var array = GC.AllocateArray<float>(checked(length + Slack), pinned: true);
        int start = (Slack - (int)FloatsPast(ref array[0], Slack)) % Slack;
        return array.AsMemory(start, length);
    }

    /// <summary>
    /// How many floats <paramref name="first"/> lies beyond a multiple of <paramref name="width"/> floats, at this moment: the collector may move an array.
    /// </summary>
    internal static nuint FloatsPast(ref float first, nuint width) => AddressOf(ref first) / sizeof(float) % width;

    private static unsafe nuint AddressOf(ref float first) => (nuint)Unsafe.AsPointer(ref first);
}
