namespace FedPure.Tensors.Kernels;

/// <summary>
/// A panel of b side by side. In b a panel's rows are n floats apart; where that is a multiple of 1 KiB they share a handful of cache sets, and each block of rows
/// of c fetches the panel from far away again.
/// </summary>
internal static class PackedPanel
{
    /// <summary>packed [k×panel] ← b [k×n] at columns column to column + panel.</summary>
    public static void Copy(ReadOnlySpan<float> b, int n, int column, int panel, Span<float> packed)
    {
        for (; !packed.IsEmpty; packed = packed[panel..])
        {
            b.Slice(column, panel).CopyTo(packed);
            column += n;
        }
    }
}
