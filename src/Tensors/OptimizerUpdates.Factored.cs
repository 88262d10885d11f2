using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>
/// The parts of Adafactor (Shazeer, Stern, 2018) over a row-major matrix [rows×columns], whose second moment is kept as one number a row and one a column,
/// v[i, j] = row[i]·column[j]/mean. A vector is a matrix of one row, with the row moment [1] and the mean 1.
/// </summary>
public static partial class OptimizerUpdates
{
    // Float32 sums stay this short and are added up in double: 64·2^-24 = 4e-6 relative at worst.
    private const int SquaredRows = 64, SquaredColumns = 256;

    private const int SumLanes = 32, SummedColumns = 2048;

    /// <summary>
    /// row[i] ← β·row[i] + (1 - β)·(ε + mean over j of g[i, j]²), column[j] likewise over i. gradient g [rows×columns], rowMoments [rows], or empty for a
    /// vector, columnMoments [columns].
    /// </summary>
    /// <exception cref="ArgumentException">The gradient is no whole number of rows, or not as many as there are row moments.</exception>
    public static void FactoredMoments(ReadOnlySpan<float> gradient, Span<float> rowMoments, Span<float> columnMoments, float beta, float epsilon)
    {
        if (gradient.IsEmpty) return;
        int rows = Shape.Rows(gradient.Length, columnMoments.Length, nameof(gradient), nameof(columnMoments));
        Shape.CheckSame(rowMoments.IsEmpty ? 1 : rowMoments.Length, rows, nameof(rowMoments), nameof(rows));
        if (Lanes512.IsAccelerated) FactoredMoments<Lanes512>(gradient, rowMoments, columnMoments, beta, epsilon);
        else if (Lanes256.IsAccelerated) FactoredMoments<Lanes256>(gradient, rowMoments, columnMoments, beta, epsilon);
        else if (Lanes128.IsAccelerated) FactoredMoments<Lanes128>(gradient, rowMoments, columnMoments, beta, epsilon);
        else FactoredMoments<Lanes1>(gradient, rowMoments, columnMoments, beta, epsilon);
    }

    /// <summary>Σ u², u[i, j] = g[i, j]/√(row[i]/mean·column[j]). gradient g [rows×columns], rowMoments [rows], columnMoments [columns].</summary>
    /// <exception cref="ArgumentException">The gradient is not [rows×columns].</exception>
    public static double FactoredSquares(ReadOnlySpan<float> gradient, ReadOnlySpan<float> rowMoments, ReadOnlySpan<float> columnMoments, float mean)
    {
        Shape.Check(gradient.Length, rowMoments.Length, columnMoments.Length, nameof(gradient));
        if (Lanes512.IsAccelerated) return FactoredSquares<Lanes512>(gradient, rowMoments, columnMoments, mean);
        if (Lanes256.IsAccelerated) return FactoredSquares<Lanes256>(gradient, rowMoments, columnMoments, mean);
        if (Lanes128.IsAccelerated) return FactoredSquares<Lanes128>(gradient, rowMoments, columnMoments, mean);
        return FactoredSquares<Lanes1>(gradient, rowMoments, columnMoments, mean);
    }

    /// <summary>
    /// w[i, j] -= rate·u[i, j], with u of <see cref="FactoredSquares"/>. parameters w and gradient [rows×columns], rowMoments [rows], columnMoments [columns].
    /// </summary>
    /// <exception cref="ArgumentException">The parameters or the gradient are not [rows×columns].</exception>
    public static void FactoredStep(
        Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<float> rowMoments, ReadOnlySpan<float> columnMoments, float mean, float rate)
    {
        Shape.Check(parameters.Length, rowMoments.Length, columnMoments.Length, nameof(parameters));
        Shape.Check(gradient.Length, rowMoments.Length, columnMoments.Length, nameof(gradient));
        if (Lanes512.IsAccelerated) FactoredStep<Lanes512>(parameters, gradient, rowMoments, columnMoments, mean, rate);
        else if (Lanes256.IsAccelerated) FactoredStep<Lanes256>(parameters, gradient, rowMoments, columnMoments, mean, rate);
        else if (Lanes128.IsAccelerated) FactoredStep<Lanes128>(parameters, gradient, rowMoments, columnMoments, mean, rate);
        else FactoredStep<Lanes1>(parameters, gradient, rowMoments, columnMoments, mean, rate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FactoredMoments<T>(ReadOnlySpan<float> gradient, Span<float> rowMoments, Span<float> columnMoments, float beta, float epsilon)
        where T : struct, ILanes<T>
    {
        int columns = columnMoments.Length, rows = gradient.Length / columns;
        for (int row = 0; row < rowMoments.Length; row++)
        {
            double total = 0;
            for (var rest = gradient.Slice(row * columns, columns); !rest.IsEmpty; rest = rest[Math.Min(SummedColumns, rest.Length)..])
            {
                var part = rest[..Math.Min(SummedColumns, rest.Length)];
                total += Vectors.Dot<T>(part, part);
            }

            rowMoments[row] = beta * rowMoments[row] + (1f - beta) * ((float)(total / columns) + epsilon);
        }

        Span<float> partial = stackalloc float[SquaredColumns];
        Span<double> totals = stackalloc double[SquaredColumns];
        for (int start = 0; start < columns; start += SquaredColumns)
        {
            int width = Math.Min(SquaredColumns, columns - start);
            totals.Clear();
            for (int row = 0; row < rows;)
            {
                partial.Clear();
                for (int end = Math.Min(row + SquaredRows, rows); row < end; row++)
                    AddSquares<T>(gradient.Slice(row * columns + start, width), partial[..width]);
                for (int j = 0; j < width; j++) totals[j] += partial[j];
            }

            for (int j = 0; j < width; j++) columnMoments[start + j] = beta * columnMoments[start + j] + (1f - beta) * ((float)(totals[j] / rows) + epsilon);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double FactoredSquares<T>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> rowMoments, ReadOnlySpan<float> columnMoments, float mean)
        where T : struct, ILanes<T>
    {
        double total = 0;
        Span<float> lanes = stackalloc float[SumLanes];
        for (int row = 0; row < rowMoments.Length; row++)
        {
            float scale = rowMoments[row] / mean;
            var line = gradient.Slice(row * columnMoments.Length, columnMoments.Length);
            for (int start = 0; start < line.Length; start += SummedColumns)
            {
                int length = Math.Min(SummedColumns, line.Length - start);
                lanes.Clear();
                AddFactoredSquares<T>(line.Slice(start, length), columnMoments.Slice(start, length), scale, lanes);
                foreach (float lane in lanes) total += lane;
            }
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FactoredStep<T>(
        Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<float> rowMoments, ReadOnlySpan<float> columnMoments, float mean, float rate)
        where T : struct, ILanes<T>
    {
        ref float columns0 = ref MemoryMarshal.GetReference(columnMoments);
        int columns = columnMoments.Length;
        for (int row = 0; row < rowMoments.Length; row++)
        {
            float scale = rowMoments[row] / mean;
            ref float p0 = ref MemoryMarshal.GetReference(parameters.Slice(row * columns, columns));
            ref float g0 = ref MemoryMarshal.GetReference(gradient.Slice(row * columns, columns));
            int j = 0;
            for (; j <= columns - T.Width; j += T.Width)
            {
                T u = Preconditioned(T.Load(ref g0, (nuint)j), T.Load(ref columns0, (nuint)j), scale);
                T.Store(T.MultiplyAdd(T.Broadcast(-rate), u, T.Load(ref p0, (nuint)j)), ref p0, (nuint)j);
            }

            for (; j < columns; j++)
            {
                var u = Preconditioned(Lanes1.Load(ref g0, (nuint)j), Lanes1.Load(ref columns0, (nuint)j), scale);
                Lanes1.Store(Lanes1.MultiplyAdd(new Lanes1(-rate), u, Lanes1.Load(ref p0, (nuint)j)), ref p0, (nuint)j);
            }
        }
    }

    // Element j is added to lane j mod 32 at every width.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFactoredSquares<T>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> columnMoments, float scale, Span<float> lanes)
        where T : struct, ILanes<T>
    {
        ref float g0 = ref MemoryMarshal.GetReference(gradient);
        ref float columns0 = ref MemoryMarshal.GetReference(columnMoments);
        ref float lane0 = ref MemoryMarshal.GetReference(lanes);
        int j = 0;
        for (; j <= gradient.Length - T.Width; j += T.Width)
        {
            T u = Preconditioned(T.Load(ref g0, (nuint)j), T.Load(ref columns0, (nuint)j), scale);
            nuint lane = (nuint)(j % SumLanes);
            T.Store(T.MultiplyAdd(u, u, T.Load(ref lane0, lane)), ref lane0, lane);
        }

        for (; j < gradient.Length; j++)
        {
            var u = Preconditioned(Lanes1.Load(ref g0, (nuint)j), Lanes1.Load(ref columns0, (nuint)j), scale);
            nuint lane = (nuint)(j % SumLanes);
            Lanes1.Store(Lanes1.MultiplyAdd(u, u, Lanes1.Load(ref lane0, lane)), ref lane0, lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares<T>(ReadOnlySpan<float> x, Span<float> sums) where T : struct, ILanes<T>
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float sums0 = ref MemoryMarshal.GetReference(sums);
        int j = 0;
        for (; j <= x.Length - T.Width; j += T.Width)
        {
            T value = T.Load(ref x0, (nuint)j);
            T.Store(T.MultiplyAdd(value, value, T.Load(ref sums0, (nuint)j)), ref sums0, (nuint)j);
        }

        for (; j < x.Length; j++) sums[j] = Lanes1.MultiplyAdd(new Lanes1(x[j]), new Lanes1(x[j]), new Lanes1(sums[j])).Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Preconditioned<T>(T gradient, T columnMoment, float scale) where T : struct, ILanes<T> =>
        Divide(gradient, T.Sqrt(T.Broadcast(scale) * columnMoment));
}
