using FedPure.Tensors.Kernels;

namespace FedPure.Tensors;

/// <summary>
/// The products of <see cref="MatMul"/> spread over threads that the caller grants: each thread computes whole rows of c, so that the bits are those of one
/// thread, whatever their number. Small products run on the calling thread, since handing work over costs more than it saves.
/// </summary>
public static class ParallelMatMul
{
    // Handing work to another thread and waiting for it takes some 10 µs, in which one thread does about 1 million multiply-adds; each thread gets twice that.
    private const long WorkPerThread = 1L << 21;

    /// <summary>c = a·b with a [m×k], b [k×n], c [m×n], on up to <see cref="ParallelOptions.MaxDegreeOfParallelism"/> threads.</summary>
    /// <exception cref="ArgumentException">A memory's length is not that of its shape.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled; c then holds some rows.</exception>
    public static void Multiply(ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, Memory<float> c, int m, int n, int k, ParallelOptions threads) =>
        Run(a, b, c, m, n, k, threads, static (x, y, z, rows, n, k) => MatMul.Multiply(x, y, z, rows, n, k));

    /// <summary>c = a·bᵀ with a [m×k], b [n×k], c [m×n], on up to <see cref="ParallelOptions.MaxDegreeOfParallelism"/> threads.</summary>
    /// <exception cref="ArgumentException">A memory's length is not that of its shape.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled; c then holds some rows.</exception>
    public static void MultiplyTransposedB(ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, Memory<float> c, int m, int n, int k, ParallelOptions threads) =>

        // The order of the sums follows the shape of the whole product, not of a thread's part.
        Run(a, b, c, m, n, k, threads, TileShape.TurnsB(m, n, k)
            ? static (x, y, z, rows, n, k) => MatMul.Turned(x, [], y, z, rows, n, k)
            : static (x, y, z, rows, n, k) => MatMul.MultiplyTransposedB(x, y, z, rows, n, k));

    /// <summary>How many threads a product is spread over when that many are granted; -1 grants those of the machine.</summary>
    internal static int ThreadCount(int m, int n, int k, int granted)
    {
        long work = (long)m * n * k, blocks = (m + TileShape.MaxRows - 1) / TileShape.MaxRows;
        return (int)Math.Max(1, Math.Min(Math.Min(granted < 0 ? Environment.ProcessorCount : granted, blocks), work / WorkPerThread));
    }

    private delegate void Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k);

    private static void Run(ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, Memory<float> c, int m, int n, int k, ParallelOptions threads, Product product)
    {
        ArgumentNullException.ThrowIfNull(threads);
        Shape.CheckSizes(m, n, k);
        Shape.Check(a.Length, m, k, nameof(a));
        Shape.Check(b.Length, k, n, nameof(b));
        Shape.Check(c.Length, m, n, nameof(c));
        int count = ThreadCount(m, n, k, threads.MaxDegreeOfParallelism);
        if (count == 1)
        {
            product(a.Span, b.Span, c.Span, m, n, k);
            return;
        }

        Parallel.For(0, count, threads, part =>
        {
            int first = (int)((long)m * part / count), rows = (int)((long)m * (part + 1) / count) - first;
            product(a.Span.Slice(first * k, rows * k), b.Span, c.Span.Slice(first * n, rows * n), rows, n, k);
        });
    }
}
