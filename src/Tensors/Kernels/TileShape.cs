using System.Runtime.Intrinsics.Arm;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors.Kernels;

/// <summary>
/// The block sizes of the matrix products, in one place. A tile of Rows × Vectors accumulators stays in registers while p runs over the sum; each step needs
/// Vectors registers for b and one for a. To hide a multiply-add of 4 cycles at 2 a cycle, 8 accumulators must be in flight.
/// <code>
/// lanes            registers   rows × vectors   used              loads : multiply-adds a step
/// 512 bit              32          6 × 4        24 + 4 + 1 = 29        10 : 24
/// 256 bit, x64         16          6 × 2        12 + 2 + 1 = 15         8 : 12
/// 128 bit, ARM64       32          6 × 4        24 + 4 + 1 = 29        10 : 24
/// 128 bit, x64; 1      16          6 × 2        12 + 2 + 1 = 15         8 : 12
/// </code>
/// The shape may differ by width because every output's sum runs over p in the same order in every tile.
/// </summary>
internal static class TileShape
{
    /// <summary>
    /// Rows of a tile at most; blocks of rows are balanced (20 rows are 5+5+5+5, not 6+6+6+2), so that no tile is left too short to hide the latency.
    /// </summary>
    public const int MaxRows = 6;

    /// <summary>Vectors of a tile at most, at any width.</summary>
    public const int MaxVectors = 4;

    /// <summary>
    /// Rows of c from which a panel of b may be copied side by side first. The copy costs about two reads of the panel, and each block of rows reads it once:
    /// 16 blocks make it a tenth.
    /// </summary>
    public const int PackedFromRows = 16 * MaxRows;

    /// <summary>
    /// Length of the sum from which a transposed left factor may be copied into blocks: a tile reads 24 bytes of each of its rows, and beyond some hundred
    /// rows, each on a page of its own, neither the lines nor the pages stay near until the next tile needs them.
    /// </summary>
    public const int PackedRowsFromSteps = 384;

    /// <summary>Rows of a copied at a time, 128 blocks: panels of b are copied anew for each, at a cost of two blocks.</summary>
    public const int PackedRows = 128 * MaxRows;

    /// <summary>
    /// Floats of b from which a panel is taken by all rows before the next: 1 MiB, the second level of a server's core. Below it b stays near anyway.
    /// </summary>
    public const int NearFloats = 1 << 18;

    /// <summary>Virtual lanes over which a·bᵀ sums at every width: element p of a row goes to lane p mod 16.</summary>
    public const int SumLanes = 16;

    /// <summary>Rows of b that a·bᵀ takes together with all rows of a: at k = 1024 these are 256 KiB, a quarter of the second-level cache.</summary>
    public const int InnerColumns = 64;

    /// <summary>
    /// Rows and columns of c from which a·bᵀ turns b into panels and sums as a·b does. Turning takes about 0.4 cycles an element of b, its products m/32 of one
    /// at 512 bits and m/16 at 256: 64 rows lose a fifth and a tenth to it, less than the fold of 16 lanes costs. One vector of columns alone would be slower.
    /// </summary>
    public const int TurnedFromRows = 64, TurnedFromColumns = 32;

    /// <summary>Whether a·bᵀ turns b: by the shape alone, since the order of the sum depends on it.</summary>
    public static bool TurnsB(int m, int n, int k) => m >= TurnedFromRows && n >= TurnedFromColumns && k > 0;

    /// <summary>Vectors of a full tile at the width of <typeparamref name="T"/>.</summary>
    public static int Vectors<T>() where T : struct, ILanes<T> => T.Width == 16 || (T.Width == 4 && AdvSimd.IsSupported) ? 4 : 2;

    /// <summary>
    /// Length of the sum from which packing pays. A panel of 2 × 8 lanes has one cache line a row, and 256 rows at a distance of a power of two share a few
    /// sets of a 32 KiB cache; a panel of 4 × 16 lanes has four, which the second level streams as fast as the sums run, until it fills a quarter of 1 MiB.
    /// </summary>
    public static int PackedFromSteps<T>() where T : struct, ILanes<T> => T.Width == 16 ? 512 : 256;

    /// <summary>
    /// Length of block <paramref name="index"/> when <paramref name="count"/> items fall into the fewest balanced blocks of at most <paramref name="max"/>.
    /// </summary>
    public static int BalancedBlock(int count, int max, int index)
    {
        int blocks = (count + max - 1) / max;
        return count / blocks + (index < count % blocks ? 1 : 0);
    }
}
