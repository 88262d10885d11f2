using System.Buffers.Binary;
using System.Numerics.Tensors;
using FedPure.Data.Random;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Uniform quantization between the least and the largest element: code = (x - min)/(max - min)·(2^b - 1), rounded to the nearest, ties to even, or up or down
/// at random such that the mean is the element (Suresh, Yu, Kumar, McMahan: Distributed mean estimation with limited communication. ICML 2017). Each decoded
/// element is within half a step, or at random a whole one. Payload: min and max in float32, then b bits an element.
/// </summary>
public sealed record UniformQuantization : Compressor
{
    private const int Header = 2 * sizeof(float);

    /// <param name="bits">b: from 1 to 23.</param>
    /// <param name="stochastic">Whether codes are rounded at random.</param>
    /// <exception cref="ArgumentOutOfRangeException">b is out of its range.</exception>
    public UniformQuantization(int bits, bool stochastic = false)
    {
        Bits = bits is >= 1 and <= 23 ? bits : throw new ArgumentOutOfRangeException(nameof(bits), bits, "Bits of a code are from 1 to 23.");
        Stochastic = stochastic;
    }

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>Whether codes are rounded at random.</summary>
    public bool Stochastic { get; }

    /// <inheritdoc/>
    public override int PayloadLength(int length) => checked(Header + BitPacking.Length(length, Bits));

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload)
    {
        float least = update.IsEmpty ? 0 : TensorPrimitives.Min(update), largest = update.IsEmpty ? 0 : TensorPrimitives.Max(update);
        var codes = new uint[update.Length];
        Quantize(update, least, largest, Bits, Stochastic ? Uniforms.Draw(key, update.Length) : [], codes);
        BinaryPrimitives.WriteSingleLittleEndian(payload, least);
        BinaryPrimitives.WriteSingleLittleEndian(payload[sizeof(float)..], largest);
        BitPacking.Pack(codes, Bits, payload[Header..]);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> payload, Span<float> update)
    {
        double least = BinaryPrimitives.ReadSingleLittleEndian(payload), range = BinaryPrimitives.ReadSingleLittleEndian(payload[sizeof(float)..]) - least;
        var codes = new uint[update.Length];
        BitPacking.Unpack(payload[Header..], Bits, codes);
        double steps = (1 << Bits) - 1;
        for (int i = 0; i < codes.Length; i++) update[i] = (float)(least + codes[i] / steps * range);
    }

    /// <summary>Codes; without uniforms, rounded to the nearest.</summary>
    internal static void Quantize(ReadOnlySpan<float> x, float least, float largest, int bits, ReadOnlySpan<float> uniforms, Span<uint> codes)
    {
        double range = (double)largest - least;
        uint steps = (1u << bits) - 1;
        for (int i = 0; i < x.Length; i++)
        {
            double t = range == 0 ? 0 : ((double)x[i] - least) / range * steps;
            uint code = uniforms.IsEmpty ? (uint)Math.Round(t) : uniforms[i] < t - Math.Floor(t) ? (uint)t + 1 : (uint)t;
            codes[i] = Math.Min(code, steps);
        }
    }
}
