using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using FedPure.Data.Random;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Compresses the update rotated at random, and rotates back: signs drawn anew, then the Walsh-Hadamard transform over √m of the update filled up with zeros to
/// a power of two m (Suresh, Yu, Kumar, McMahan: Distributed mean estimation with limited communication. ICML 2017, section 3). Elements are then of like
/// sizes, so that quantization of their range errs less. The rotation keeps the L2 norm to rounding. Payload: the seed of the signs in 8 bytes, then the inner
/// payload of m elements.
/// </summary>
/// <param name="Inner">What compresses the rotated update.</param>
public sealed record HadamardRotation(Compressor Inner) : Compressor
{
    /// <inheritdoc cref="HadamardRotation" path="/param[@name='Inner']"/>
    public Compressor Inner { get; } = Inner ?? throw new ArgumentNullException(nameof(Inner));

    /// <inheritdoc/>
    public override int PayloadLength(int length) => checked(sizeof(ulong) + Inner.PayloadLength(Padded(length)));

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload)
    {
        var signs = key.Fold("signs");
        var rotated = new float[Padded(update.Length)];
        update.CopyTo(rotated);
        Flip(rotated, signs);
        Transform(rotated);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, signs.Value);
        Inner.Encode(rotated, key.Fold("rotated"), payload[sizeof(ulong)..]);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> payload, Span<float> update)
    {
        var rotated = new float[Padded(update.Length)];
        Inner.Decode(payload[sizeof(ulong)..], rotated);
        Transform(rotated);
        Flip(rotated, new RandomKey(BinaryPrimitives.ReadUInt64LittleEndian(payload)));
        rotated.AsSpan(0, update.Length).CopyTo(update);
    }

    internal static int Padded(int length) => checked((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, length)));

    /// <summary>x ← H·x/√m for the Sylvester-ordered Hadamard matrix H; x [m], m a power of two. Its own inverse.</summary>
    internal static void Transform(Span<float> x)
    {
        Span<float> differences = new float[x.Length / 2];
        for (int half = 1; half < x.Length; half *= 2)
        {
            for (int start = 0; start < x.Length; start += 2 * half)
            {
                Span<float> a = x.Slice(start, half), b = x.Slice(start + half, half);
                if (half < 8)
                {
                    for (int i = 0; i < half; i++) (a[i], b[i]) = (a[i] + b[i], a[i] - b[i]);
                    continue;
                }

                TensorPrimitives.Subtract(a, b, differences);
                TensorPrimitives.Add(a, b, a);
                differences[..half].CopyTo(b);
            }
        }

        TensorPrimitives.Divide(x, MathF.Sqrt(x.Length), x);
    }

    // One bit of the key's words an element.
    private static void Flip(Span<float> x, RandomKey key)
    {
        var stream = key.Stream();
        uint word = 0;
        for (int i = 0; i < x.Length; i++, word >>= 1)
        {
            if (i % 32 == 0) word = stream.Next();
            if ((word & 1) != 0) x[i] = -x[i];
        }
    }
}
