using System.Buffers.Binary;
using FedPure.Data.Random;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// QSGD (Alistarh, Grubic, Li, Tomioka, Vojnovic: QSGD. NIPS 2017, section 3.1): each element becomes a signed level from -s to s of norm/s each, up or down at
/// random such that its mean is the element, to 2^-24 of a level. Payload: the norm in float32, then sign and level in 1 + ⌈log₂(s + 1)⌉ bits an element.
/// </summary>
public sealed record StochasticQuantization : Compressor
{
    private readonly int _bits;

    /// <param name="levels">s: from 1 to 2^23 - 1.</param>
    /// <param name="norm">
    /// What the levels divide: the L2 norm, as in the paper, or the largest element, which errs less and has no bound that shrinks with sparseness.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">s is out of its range, or the norm is another.</exception>
    public StochasticQuantization(int levels, NormOrder norm = NormOrder.L2)
    {
        Levels = levels is >= 1 and < 1 << 23 ? levels : throw new ArgumentOutOfRangeException(nameof(levels), levels, "Levels are from 1 to 2^23 - 1.");
        Norm = norm is NormOrder.L2 or NormOrder.Infinity ? norm : throw new ArgumentOutOfRangeException(nameof(norm), norm, "The norm is L2 or Infinity.");
        _bits = 1 + BitPacking.BitsOf(levels);
    }

    /// <summary>s.</summary>
    public int Levels { get; }

    /// <summary>What the levels divide.</summary>
    public NormOrder Norm { get; }

    /// <inheritdoc/>
    public override int PayloadLength(int length) => checked(sizeof(float) + BitPacking.Length(length, _bits));

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload)
    {
        // No element is above the largest one, whatever the sum of squares was rounded to.
        float largest = Vectors.NormInf(update), norm = Norm == NormOrder.L2 ? Math.Max(Vectors.NormL2(update), largest) : largest;
        var signedLevels = new int[update.Length];
        Quantize(update, norm, Levels, Uniforms.Draw(key, update.Length), signedLevels);

        var codes = new uint[update.Length];
        for (int i = 0; i < codes.Length; i++) codes[i] = (uint)Math.Abs(signedLevels[i]) | (signedLevels[i] < 0 ? 1u << (_bits - 1) : 0);
        BinaryPrimitives.WriteSingleLittleEndian(payload, norm);
        BitPacking.Pack(codes, _bits, payload[sizeof(float)..]);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> payload, Span<float> update)
    {
        double norm = BinaryPrimitives.ReadSingleLittleEndian(payload);
        var codes = new uint[update.Length];
        BitPacking.Unpack(payload[sizeof(float)..], _bits, codes);
        uint sign = 1u << (_bits - 1);
        for (int i = 0; i < codes.Length; i++)
        {
            double level = codes[i] & (sign - 1);
            update[i] = (float)(norm * ((codes[i] & sign) != 0 ? -level : level) / Levels);
        }
    }

    /// <summary>Signed levels of elements none of which is larger than the norm.</summary>
    internal static void Quantize(ReadOnlySpan<float> x, float norm, int levels, ReadOnlySpan<float> uniforms, Span<int> signedLevels)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double t = norm == 0 ? 0 : Math.Abs((double)x[i]) / norm * levels;
            int level = Math.Min((int)t, levels - 1);
            if (uniforms[i] < t - level) level++;
            signedLevels[i] = x[i] < 0 ? -level : level;
        }
    }
}
