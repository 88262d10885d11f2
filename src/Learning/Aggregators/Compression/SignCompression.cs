using System.Buffers.Binary;
using FedPure.Data.Random;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// The sign of each element times the mean of their sizes (Karimireddy, Rebjock, Stich, Jaggi: Error feedback fixes signSGD. ICML 2019, Algorithm 1); a 0
/// counts as positive. It is for use with error feedback. Payload: the mean in float32, then a bit an element, 1 for x ≥ 0.
/// </summary>
public sealed record SignCompression : Compressor
{
    /// <inheritdoc/>
    public override int PayloadLength(int length) => checked(sizeof(float) + BitPacking.Length(length, 1));

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload)
    {
        var signs = new uint[update.Length];
        for (int i = 0; i < signs.Length; i++) signs[i] = update[i] >= 0 ? 1u : 0;
        BinaryPrimitives.WriteSingleLittleEndian(payload, Vectors.NormL1(update) / Math.Max(1, update.Length));
        BitPacking.Pack(signs, 1, payload[sizeof(float)..]);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> payload, Span<float> update)
    {
        float scale = BinaryPrimitives.ReadSingleLittleEndian(payload);
        var signs = new uint[update.Length];
        BitPacking.Unpack(payload[sizeof(float)..], 1, signs);
        for (int i = 0; i < signs.Length; i++) update[i] = signs[i] == 1 ? scale : -scale;
    }
}
