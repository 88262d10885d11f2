using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// Where the sums of a·bᵀ go: columns of c [m×n] from <paramref name="firstColumn"/> on. A bias [n], unless it is empty, is added first, and with
/// <paramref name="relu"/> what is then below zero becomes zero; NaN stays NaN.
/// </summary>
internal readonly ref struct InnerOutput(Span<float> c, int n, int firstColumn, ReadOnlySpan<float> bias, bool relu)
{
    private readonly Span<float> _c = c;
    private readonly ReadOnlySpan<float> _bias = bias;
    private readonly int _n = n, _firstColumn = firstColumn;
    private readonly bool _relu = relu;

    /// <summary>
    /// Takes a tile of sums, <paramref name="columns"/> (at most 4) of the <paramref name="stride"/> floats of each row; four floats of the last are read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float sums, int stride, int row, int rows, int column, int columns)
    {
        column += _firstColumn;
        nint n = _n;
        ref float target = ref Unsafe.Add(ref MemoryMarshal.GetReference(_c), row * n + column);

        // x + (-0) is x for every x, so that no bias and no ReLU cost an instruction rather than a branch.
        var bias = _bias.IsEmpty ? Vector128.Create(-0f) : Quad.Load(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bias), column), columns);
        var ifNegative = _relu ? Vector128<float>.AllBitsSet : Vector128<float>.Zero;
        for (; rows > 0; rows--)
        {
            var value = Vector128.LoadUnsafe(ref sums) + bias;
            value = Vector128.AndNot(value, Vector128.LessThan(value, Vector128<float>.Zero) & ifNegative);
            Quad.Store(value, ref target, columns);
            sums = ref Unsafe.Add(ref sums, stride);
            target = ref Unsafe.Add(ref target, n);
        }
    }
}
