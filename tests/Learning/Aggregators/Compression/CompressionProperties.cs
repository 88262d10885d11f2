using FedPure.Data.Random;
using FedPure.Tensors;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Learning.Aggregators;

/// <summary>Updates of one to a few hundred elements of many sizes, zeros and equal ones among them.</summary>
public static class SomeUpdates
{
    public static Arbitrary<float[]> Any() => (
        from length in Gen.OneOf(Gen.Choose(1, 40), Gen.Choose(1, 600))
        from update in Gen.OneOf(
            Gen.Choose(-1000, 1000).Select(x => x / 1000f),
            Gen.Choose(-3, 3).Select(x => (float)x),
            from size in Gen.Choose(-30, 20) from sign in Gen.Elements(1f, -1f) select MathF.ScaleB(sign, size)).ArrayOf(length)
        select update).ToArbitrary();
}

[Properties(Arbitrary = [typeof(SomeUpdates)], MaxTest = 200)]
public class CompressionProperties
{
    private static readonly Compressor[] Rules =
    [
        new StochasticQuantization(7), new StochasticQuantization(127, NormOrder.Infinity), new UniformQuantization(3),
        new UniformQuantization(8, stochastic: true), new SignCompression(),
        new TopK(0.1), new RandomK(0.3, Unbiased: false), new RandomK(0.5, Unbiased: true), new HadamardRotation(new UniformQuantization(4)),
        new HadamardRotation(new StochasticQuantization(15)),
    ];

    [Property]
    public bool CodesOfAnyWidthComeBack(ushort[] values, int width)
    {
        int bits = 16 + (int)((uint)width % 17);
        uint[] codes = [.. values.Select((value, i) => (uint)(((ulong)value * 0x9E3779B97F4A7C15UL + (ulong)i) & ((1UL << bits) - 1)))],
            back = new uint[codes.Length];
        var packed = new byte[BitPacking.Length(codes.Length, bits)];
        BitPacking.Pack(codes, bits, packed);
        BitPacking.Unpack(packed, bits, back);
        return codes.SequenceEqual(back);
    }

    [Property]
    public bool EveryRuleFillsItsPayloadAndIsAFunctionOfUpdateAndKey(float[] update, long seed) => Rules.All(rule =>
    {
        // What the payload held before does not show, and neither does what the result held.
        var key = RandomKey.FromSeed(seed);
        byte[] one = new byte[rule.PayloadLength(update.Length)], other = [.. Enumerable.Repeat((byte)0xFF, one.Length)];
        rule.Encode(update, key, one);
        rule.Encode(update, key, other);
        float[] decoded = new float[update.Length], again = [.. Enumerable.Repeat(7f, update.Length)];
        rule.Decode(one, decoded);
        rule.Decode(other, again);
        return one.SequenceEqual(other) && decoded.SequenceEqual(again) && Vectors.AllFinite(decoded);
    });

    [Property]
    public bool TopKKeepsTheLargestOfAllChoices(float[] update, int count)
    {
        int k = 1 + (int)((uint)count % (uint)update.Length);
        int[] places = TopK.Largest(update, k),
            expected = [.. Enumerable.Range(0, update.Length).OrderByDescending(i => Math.Abs(update[i])).ThenBy(i => i).Take(k).Order()];
        return places.SequenceEqual(expected);
    }

    [Property]
    public bool WhatTopKSendsAndWhatItRemembersAreTheWhole(float[] update, long seed)
    {
        float[] sent = RoundTrip(new TopK(0.2), update, seed);
        return sent.Zip(update).All(pair => pair.First == pair.Second || pair.First == 0);
    }

    [Property]
    public bool ErrorFeedbackSendsAllInTheEnd(float[][] updates, long seed)
    {
        // Σ sent + memory = Σ update: what is added and taken away each round rounds twice, by 2^-24 of what the numbers have come to.
        const int Length = 8;
        float[][] rounds = [.. updates.Take(12).Select(update => Enumerable.Range(0, Length).Select(i => update[i % update.Length]).ToArray())];
        return new Compressor[] { new TopK(0.25), new RandomK(0.25, Unbiased: false), new SignCompression(), new HadamardRotation(new TopK(0.25)) }.All(compressor =>
        {
            var rule = new Compression(compressor, new UnweightedMean(), errorFeedback: true, seed);
            var state = (CompressionState)rule.Initialize(Round.Layout(Length));
            double[] sum = new double[Length], sent = new double[Length];
            double largest = 0;
            foreach (float[] update in rounds)
            {
                var (aggregate, result) = Round.Run(rule, state, [[new("a", update)]]);
                state = (CompressionState)result.State;
                for (int i = 0; i < Length; i++)
                {
                    sum[i] += update[i];
                    sent[i] += aggregate[i];
                    largest = Math.Max(largest, Math.Max(Math.Abs(aggregate[i]), Math.Abs(state.Memory["a"][i])));
                }
            }

            // The mean of one is the value to 2^-61.
            return rounds.Length == 0
                || Enumerable.Range(0, Length).All(
                    i => Math.Abs(sum[i] - sent[i] - state.Memory["a"][i]) <= 4 * rounds.Length * Math.ScaleB(largest, -24) + 1e-12);
        });
    }

    [Property(MaxTest = 20)]
    public bool RandomRoundingIsRightInTheMean(float[] update, long seed)
    {
        // A decoded element is one of two neighbours a step apart, so its variance is at most step²/4 and that of the mean of N independent ones step²/(4N): 7
        // standard deviations are 3.5·step/√N, passed by chance at most once in 10^10 (Hoeffding). A draw of 24 bits adds 2^-24 of a step, float32 1e-7 of the
        // largest. Rotated back, an element's error is the sum of m independent ones over √m.
        const int N = 400;
        double norm = Vectors.NormL2(update), largest = update.Max(Math.Abs), range = update.Max() - update.Min();
        return new (Compressor Rule, double Step)[]
        {
            (new StochasticQuantization(3), norm / 3), (new StochasticQuantization(5, NormOrder.Infinity), largest / 5),
            (new UniformQuantization(2, stochastic: true), range / 3),
            (new HadamardRotation(new UniformQuantization(3, stochastic: true)), 2 * norm / 7),
        }.All(pair => Mean(pair.Rule, update, seed, N).Zip(update).All(e => Math.Abs(e.First - e.Second) <= 3.6 * pair.Step / Math.Sqrt(N) + 2e-7 * largest));
    }

    /// <summary>
    /// The same to 1/128 of a step, over 2^18 equal elements of one payload: 3.5·step/√N passed by chance at most once in 10^10, and the seed is fixed. The
    /// numbers are drawn in order, so that a stream whose numbers depended on one another would show.
    /// </summary>
    [Theory]
    [InlineData(0.001f)]
    [InlineData(0.3f)]
    [InlineData(-0.34f)]
    [InlineData(0.5f)]
    [InlineData(-0.99f)]
    public void RandomRoundingIsRightInTheMeanOfOnePayload(float element)
    {
        const int N = 1 << 18;
        float[] update = [-1, 1, .. Enumerable.Repeat(element, N)];
        foreach (
            var (rule, step) in new (Compressor, double)[] { (new StochasticQuantization(3, NormOrder.Infinity), 1 / 3.0), (new UniformQuantization(2, stochastic: true), 2 / 3.0) })
            Golden.AssertClose(element, RoundTrip(rule, update, seed: 1).Skip(2).Average(x => (double)x), 3.5 * step / Math.Sqrt(N), $"{rule}");
    }

    /// <summary>
    /// Three of seven: each place 14000·3/7 = 6000 times, with a standard deviation of 58.6, and each pair of places 14000/7 = 2000 times, with one of 41.4; to
    /// five of them.
    /// </summary>
    [Fact]
    public void EveryPlaceIsDrawnAsOftenAsAnyOther()
    {
        var rule = new RandomK(0.4, Unbiased: false);
        int[,] together = new int[7, 7];
        for (int draw = 0; draw < 14000; draw++)
        {
            float[] kept = RoundTrip(rule, [1, 1, 1, 1, 1, 1, 1], draw);
            Assert.Equal(3, kept.Sum());
            for (int i = 0; i < 7; i++)
            {
                for (int j = 0; j <= i; j++) together[i, j] += (int)(kept[i] * kept[j]);
            }
        }

        for (int i = 0; i < 7; i++)
        {
            Assert.InRange(together[i, i], 6000 - 293, 6000 + 293);
            for (int j = 0; j < i; j++) Assert.InRange(together[i, j], 2000 - 207, 2000 + 207);
        }
    }

    [Property(MaxTest = 20)]
    public bool ScaledRandomChoicesAreRightInTheMean(float[] update, long seed)
    {
        // Kept with probability q = k/n and divided by it: the standard deviation is |x|·√((1 - q)/q), so 8 of the mean's of N. Not a two-point bound: q ≥ 0.5
        // here keeps the binomial tail at 8 deviations below 10^-9.
        const int N = 900;
        double q = (double)SparseUpdate.Count(0.5, update.Length) / update.Length;
        return Mean(new RandomK(0.5, Unbiased: true), update, seed, N).Zip(update).All(
            e => Math.Abs(e.First - e.Second) <= Math.Abs(e.Second) * (8 * Math.Sqrt((1 - q) / q / N) + 1e-6));
    }

    [Property]
    public bool QuantizationErrsByAStepAtMost(float[] update, long seed)
    {
        double range = update.Max() - update.Min(), rounding = 2e-7 * update.Max(Math.Abs);
        return RoundTrip(new UniformQuantization(5), update, seed).Zip(update).All(e => Math.Abs(e.First - e.Second) <= range / 31 / 2 + rounding)
            && RoundTrip(new UniformQuantization(5, stochastic: true), update, seed).Zip(update).All(e => Math.Abs(e.First - e.Second) <= range / 31 + rounding)
            && RoundTrip(new StochasticQuantization(9), update, seed).Zip(update).All(
                e => Math.Abs(e.First - e.Second) <= Vectors.NormL2(update) / 9 + rounding);
    }

    [Property]
    public bool TheHadamardTransformIsOrthonormalAndItsOwnInverse(float[] update)
    {
        // log₂ m additions and a division, rounded to 2^-24 of the norm each; twice for the inverse.
        float[] x = new float[HadamardRotation.Padded(update.Length)], rotated;
        update.CopyTo(x, 0);
        rotated = [.. x];
        HadamardRotation.Transform(rotated);
        double norm = Vectors.NormL2(x), tolerance = (2 * Math.Log2(x.Length) + 4) * Math.ScaleB(norm, -24);
        bool orthonormal = Math.Abs(Vectors.NormL2(rotated) - norm) <= tolerance * 4;
        HadamardRotation.Transform(rotated);
        return orthonormal && rotated.Zip(x).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance);
    }

    [Property]
    public bool AnyOrderAndGroupingGivesTheSameBitsAndMemory(float[][] updates, int seed)
    {
        if (updates.Length == 0) return true;
        Sent[] clients = [.. updates.Select((update, i) => new Sent($"{i}", [.. Enumerable.Range(0, 5).Select(k => update[k % update.Length])], i % 3 + 1))],
        shuffled = [.. clients];
        var random = new System.Random(seed);
        random.Shuffle(shuffled);
        int cut = random.Next(clients.Length + 1);
        return Rules.All(compressor =>
        {
            var rule = new Compression(compressor, new WeightedMean(), errorFeedback: true, seed);
            var first = Round.Run(rule, rule.Initialize(Round.Layout(5)), clients);
            var same = Round.Run(rule, rule.Initialize(Round.Layout(5)), shuffled[..cut], shuffled[cut..]);
            return first.Bits == same.Bits && Text(first) == Text(same);
        });
    }

    private static string Text(Outcome outcome) =>
        string.Join(' ', ((CompressionState)outcome.Result.State).Memory.OrderBy(client => client.Key, StringComparer.Ordinal)
        .Select(client => $"{client.Key}: {string.Join(',', client.Value.Select(BitConverter.SingleToInt32Bits))}"));

    private static double[] Mean(Compressor rule, float[] update, long seed, int count)
    {
        var sum = new double[update.Length];
        for (int i = 0; i < count; i++)
        {
            float[] decoded = RoundTrip(rule, update, unchecked(seed * count + i));
            for (int k = 0; k < sum.Length; k++) sum[k] += decoded[k] / count;
        }

        return sum;
    }

    private static float[] RoundTrip(Compressor rule, float[] update, long seed)
    {
        var payload = new byte[rule.PayloadLength(update.Length)];
        rule.Encode(update, RandomKey.FromSeed(seed), payload);
        var decoded = new float[update.Length];
        rule.Decode(payload, decoded);
        return decoded;
    }
}
