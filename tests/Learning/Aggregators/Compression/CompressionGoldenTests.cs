using System.Buffers.Binary;
using System.Text.Json.Nodes;
using FedPure.Data.Random;
using FedPure.TestData;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Every case of a NumPy float64 oracle, with its random numbers: codes, signs, places and bytes exact, decoded values to 1e-6 of the norm, range or largest
/// element, since norms, scales and results are float32.
/// </summary>
public class CompressionGoldenTests
{
    private static readonly JsonNode Cases = Repository.GoldenJson("compression/compression.json");

    private static readonly float[] Numbers = Golden.Floats(Cases["uniforms"]!);

    [Fact]
    public void Stochastic_quantization()
    {
        foreach (var golden in Cases["qsgd"]!.AsArray())
        {
            float[] x = Vector(golden!);
            int levels = (int)golden!["levels"]!;
            var rule = new StochasticQuantization(levels, (string)golden["norm"]! == "l2" ? NormOrder.L2 : NormOrder.Infinity);
            byte[] payload = Encode(rule, x);
            Assert.Equal((int)golden["suggested_bytes"]!, payload.Length);
            float norm = BinaryPrimitives.ReadSingleLittleEndian(payload);
            Golden.AssertClose((double)golden["norm_value"]!, norm, 1e-6 * norm, "norm");

            // With the recorded random numbers in the place of the key's.
            var signedLevels = new int[x.Length];
            StochasticQuantization.Quantize(x, norm, levels, Numbers, signedLevels);
            Assert.Equal(Ints(golden["signed_levels"]!), signedLevels);
            uint sign = 1u << ((int)golden["suggested_bits_per_entry"]! - 1);
            BitPacking.Pack(
                [.. signedLevels.Select(level => (uint)Math.Abs(level) | (level < 0 ? sign : 0))], (int)golden["suggested_bits_per_entry"]!, payload.AsSpan(4));
            Golden.AssertClose(Golden.Floats(golden["decoded"]!), Decode(rule, payload, x.Length), 1e-6 * norm, $"{golden["vector"]}, {levels}");
        }
    }

    [Fact]
    public void Uniform_quantization()
    {
        foreach (var golden in Cases["uniform_minmax"]!.AsArray())
        {
            float[] x = golden!["input"] is { } input ? Golden.Floats(input) : Vector(golden);
            int bits = (int)golden["bits"]!;
            bool stochastic = (string)golden["rounding"]! == "stochastic";
            var rule = new UniformQuantization(bits, stochastic);
            byte[] payload = Encode(rule, x);
            Assert.Equal((int)golden["suggested_bytes"]!, payload.Length);
            float least = (float)golden["min"]!, largest = (float)golden["max"]!;
            Assert.Equal((least, largest), (BinaryPrimitives.ReadSingleLittleEndian(payload), BinaryPrimitives.ReadSingleLittleEndian(payload.AsSpan(4))));

            var codes = new uint[x.Length];
            UniformQuantization.Quantize(x, least, largest, bits, stochastic ? Numbers : [], codes);
            Assert.Equal(Ints(golden["codes"]!), codes.Select(code => (int)code));
            BitPacking.Pack(codes, bits, payload.AsSpan(8));
            Golden.AssertClose(
                Golden.Floats(golden["decoded"]!), Decode(rule, payload, x.Length), 1e-6 * Math.Max(Math.Abs(least), Math.Abs(largest)),
                $"{golden["vector"]}, {bits}");
        }
    }

    [Fact]
    public void Signs()
    {
        foreach (var golden in Cases["sign"]!["cases"]!.AsArray())
        {
            float[] x = Vector(golden!);
            byte[] payload = Encode(new SignCompression(), x);
            Assert.Equal((int)golden!["suggested_bytes"]!, payload.Length);
            Assert.Equal(Ints(golden["packed_bytes_lsb_first"]!), payload[4..].Select(value => (int)value));
            float[] decoded = Decode(new SignCompression(), payload, x.Length);
            Golden.AssertClose(Golden.Floats(golden["decoded_one_bit_scaled"]!), decoded, 1e-6 * x.Max(Math.Abs), "signs");
        }
    }

    [Fact]
    public void Votes()
    {
        var golden = Cases["sign"]!["majority_vote"]!;
        int[] weights = Ints(golden["vote_weights"]!);
        Sent[] clients = [.. golden["clients"]!.AsArray().Select((update, i) => new Sent($"{i}", Golden.Floats(update!), weights[i]))];
        Assert.Equal(Golden.Floats(golden["vote"]!), Round.Run(new MajorityVote(), clients).Aggregate);
        Assert.Equal(Golden.Floats(golden["weighted_vote"]!), Round.Run(new MajorityVote(weighted: true), clients).Aggregate);
    }

    [Fact]
    public void Signs_with_error_feedback()
    {
        var rule = new Compression(new SignCompression(), new Sum(), errorFeedback: true);
        var state = (CompressionState)rule.Initialize(Round.Layout(16));
        foreach (var golden in Cases["sign"]!["error_feedback"]!.AsArray())
        {
            var (sent, result) = Round.Run(rule, state, [[new("a", Golden.Floats(golden!["update"]!))]]);
            state = (CompressionState)result.State;
            double tolerance = 1e-6 * Golden.Floats(golden!["corrected"]!).Max(Math.Abs);
            Golden.AssertClose(Golden.Floats(golden["sent"]!), sent, tolerance, $"round {golden["round"]}, sent");
            Golden.AssertClose(Golden.Floats(golden["memory_after"]!), [.. state.Memory["a"]], tolerance, $"round {golden["round"]}, memory");
        }
    }

    [Fact]
    public void The_largest()
    {
        foreach (var golden in Cases["top_k"]!["cases"]!.AsArray())
        {
            float[] x = Golden.Floats(golden!["input"]!);
            int k = (int)golden["k"]!;
            var rule = new TopK((double)k / x.Length);
            byte[] payload = Encode(rule, x);
            Assert.Equal((int)golden["suggested_bytes_packed_index"]!, payload.Length);
            Assert.Equal(Ints(golden["indices"]!), TopK.Largest(x, k));
            float[] expected = new float[x.Length], values = Golden.Floats(golden["values"]!);
            foreach (var (place, value) in Ints(golden["indices"]!).Zip(values)) expected[place] = value;
            Assert.Equal(expected, Decode(rule, payload, x.Length));
        }

        foreach (var golden in Cases["top_k"]!["k_from_ratio"]!.AsArray())
            Assert.Equal((int)golden!["k_ceil"]!, SparseUpdate.Count((double)golden["ratio"]!, (int)golden["size"]!));
        Assert.Equal(7, SparseUpdate.Count(0.07, 100));
    }

    [Fact]
    public void The_largest_with_error_feedback()
    {
        var golden = Cases["top_k"]!["error_feedback"]!;
        int[] weights = Ints(golden["weights"]!);
        foreach (bool weighted in new[] { false, true })
        {
            var rule = new Compression(new TopK((int)golden["k"]! / 16.0), weighted ? new WeightedMean() : new UnweightedMean(), errorFeedback: true);
            var state = (CompressionState)rule.Initialize(Round.Layout(16));
            foreach (var round in golden["rounds"]!.AsArray())
            {
                var clients = round!["clients"]!.AsArray();
                var (mean, result) = Round.Run(
                    rule, state, [[.. clients.Select((client, i) => new Sent($"{i}", Golden.Floats(client!["update"]!), weights[i]))]]);
                state = (CompressionState)result.State;
                for (int i = 0; i < clients.Count; i++)
                    Golden.AssertClose(Golden.Floats(clients[i]!["memory_after"]!), [.. state.Memory[$"{i}"]], 1e-6, $"round {round["round"]}, client {i}");
                Golden.AssertClose(Golden.Floats(round[weighted ? "weighted_mean_of_sent" : "mean_of_sent"]!), mean, 1e-6, $"round {round["round"]}");
            }
        }
    }

    [Fact]
    public void Drawn_elements()
    {
        foreach (var golden in Cases["random_k"]!.AsArray())
        {
            float[] x = Vector(golden!);
            int[] places = Ints(golden!["indices"]!);
            Assert.Equal(
                (int)golden["suggested_bytes_with_shared_seed"]!, new RandomK((double)places.Length / x.Length, Unbiased: true).PayloadLength(x.Length));
            var values = new byte[4 * places.Length];
            SparseUpdate.Write(x, places, values);
            float[] sent = new float[x.Length], unbiased = new float[x.Length];
            SparseUpdate.Read(values, places, 1, sent);
            SparseUpdate.Read(values, places, (double)x.Length / places.Length, unbiased);
            Assert.Equal(Golden.Floats(golden["sent"]!), sent);
            Golden.AssertClose(Golden.Floats(golden["unbiased"]!), unbiased, 1e-6 * unbiased.Max(Math.Abs), "unbiased");
        }
    }

    [Fact]
    public void Rotations()
    {
        foreach (var golden in Cases["walsh_hadamard"]!.AsArray())
        {
            float[] x = Golden.Floats(golden!["input"]!), signs = Golden.Floats(golden["signs"]!);
            int padded = (int)golden["padded"]!;
            Assert.Equal(padded, HadamardRotation.Padded(x.Length));
            float[] rotated = new float[padded], unscaled = new float[padded];
            x.CopyTo(unscaled, 0);
            HadamardRotation.Transform(unscaled);
            double tolerance = 1e-6 * x.Sum(Math.Abs);
            Golden.AssertClose(
                Golden.Floats(golden["transform_without_signs_unscaled"]!), [.. unscaled.Select(value => value * MathF.Sqrt(padded))], tolerance, "unscaled");

            for (int i = 0; i < x.Length; i++) rotated[i] = signs[i] * x[i];
            HadamardRotation.Transform(rotated);
            Golden.AssertClose(Golden.Floats(golden["rotated"]!), rotated, tolerance, "rotated");

            var codes = new uint[padded];
            UniformQuantization.Quantize(rotated, rotated.Min(), rotated.Max(), 2, Golden.Floats(golden["uniforms"]!), codes);
            Assert.Equal(Ints(golden["quantised_2bit_codes"]!), codes.Select(code => (int)code));
            var quantized = new UniformQuantization(2);
            var payload = new byte[quantized.PayloadLength(padded)];
            quantized.Encode(rotated, default, payload);
            BitPacking.Pack(codes, 2, payload.AsSpan(8));
            float[] back = Decode(quantized, payload, padded);
            HadamardRotation.Transform(back);
            Golden.AssertClose(
                Golden.Floats(golden["quantised_then_inverse"]!), [.. back[..x.Length].Select((value, i) => signs[i] * value)], tolerance, "quantized");
            HadamardRotation.Transform(rotated);
            Golden.AssertClose(Golden.Floats(golden["inverse"]!), [.. rotated[..x.Length].Select((value, i) => signs[i] * value)], tolerance, "inverse");
        }
    }

    private static float[] Vector(JsonNode golden) => Golden.Floats(Cases["vectors"]![(string)golden["vector"]!]!);

    private static int[] Ints(JsonNode array) => [.. array.AsArray().Select(value => (int)(double)value!)];

    private static byte[] Encode(Compressor rule, float[] x)
    {
        var payload = new byte[rule.PayloadLength(x.Length)];
        rule.Encode(x, RandomKey.FromSeed(1), payload);
        return payload;
    }

    private static float[] Decode(Compressor rule, byte[] payload, int length)
    {
        var update = new float[length];
        rule.Decode(payload, update);
        return update;
    }
}
