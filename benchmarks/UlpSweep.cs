using FedPure.Tensors;

namespace FedPure.Benchmarks;

/// <summary>
/// The largest error of a function over every float32, 2^32 bit patterns, in units of the last place of the exact result. The reference is double precision:
/// its own error is below 2^-52 of the result, 2^-28 ulp of float32.
/// </summary>
internal static class UlpSweep
{
    // 2^16 arguments a block: 256 KB in and out stay in the second-level cache.
    private const int BlockBits = 16, Blocks = 1 << (32 - BlockBits);

    public delegate void Map(ReadOnlySpan<float> x, Span<float> destination);

    public static Function Exp { get; } = new("exp", Elementary.Exp, Math.Exp);

    public static Function Log { get; } = new("log", Elementary.Log, Math.Log);

    /// <summary>Prints one line, a row of results/elementary-ulps.md. 1 if a NaN or an infinity stands where none belongs.</summary>
    public static int Run(Function function)
    {
        object gate = new();
        var total = new Tally();
        Parallel.For(0, Blocks, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new Tally(), (block, _, tally) =>
        {
            tally.Add(function, (uint)block << BlockBits);
            return tally;
        }, tally =>
        {
            lock (gate) total.Merge(tally);
        });
        double share = 100.0 * total.CorrectlyRounded / total.Finite;
        Console.WriteLine(
            $"| {function.Name} | {Arithmetic.Class} | {Arithmetic.VectorBits} | {total.Worst:F4} | {total.WorstAt:R} "
                + $"(0x{BitConverter.SingleToUInt32Bits(total.WorstAt):X8}) | {share:F2} % |");
        if (total.Wrong > 0) Console.Error.WriteLine($"{total.Wrong} results are NaN or infinite where they should not be, or the reverse.");
        return total.Wrong > 0 ? 1 : 0;
    }

    public sealed record Function(string Name, Map Fast, Func<double, double> Exact);

    private sealed class Tally
    {
        private readonly float[] _x = new float[1 << BlockBits], _y = new float[1 << BlockBits];

        public double Worst { get; private set; }

        public float WorstAt { get; private set; }

        /// <summary>Results that are finite and not zero exactly, the ones that have an error to speak of.</summary>
        public long Finite { get; private set; }

        public long CorrectlyRounded { get; private set; }

        public long Wrong { get; private set; }

        public void Add(Function function, uint firstBits)
        {
            for (int i = 0; i < _x.Length; i++) _x[i] = BitConverter.UInt32BitsToSingle(firstBits + (uint)i);
            function.Fast(_x, _y);
            for (int i = 0; i < _x.Length; i++) Add(_x[i], _y[i], function.Exact(_x[i]));
        }

        public void Merge(Tally other)
        {
            // Of equals the smallest argument, so that the number of threads cannot show.
            if (other.Worst > Worst || (other.Worst == Worst && other.WorstAt < WorstAt)) (Worst, WorstAt) = (other.Worst, other.WorstAt);
            Finite += other.Finite;
            CorrectlyRounded += other.CorrectlyRounded;
            Wrong += other.Wrong;
        }

        private void Add(float x, float y, double exact)
        {
            float rounded = (float)exact;
            if (!float.IsFinite(rounded) || !float.IsFinite(y) || rounded == 0f)
            {
                // Where the nearest float32 is zero, infinite or NaN, only that will do.
                if (!y.Equals(rounded)) Wrong++;
                return;
            }

            Finite++;
            if (y == rounded) CorrectlyRounded++;
            double error = Math.Abs(y - exact) / UlpOf(exact);
            if (error > Worst) (Worst, WorstAt) = (error, x);
        }

        // 2^(e-23) for an exact value in [2^e, 2^(e+1)), and 2^-149 below the smallest normal number.
        private static double UlpOf(double exact)
        {
            long exponent = (BitConverter.DoubleToInt64Bits(exact) >> 52 & 0x7FF) - 1023;
            return BitConverter.Int64BitsToDouble(Math.Max(exponent - 23, -149) + 1023 << 52);
        }
    }
}
