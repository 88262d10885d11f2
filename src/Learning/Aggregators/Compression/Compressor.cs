using FedPure.Data.Random;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// How a client's update of n parameters is put into bytes, and what the server makes of these. A payload stands for itself: what was drawn at random is in it
/// or is drawn again from a seed in it. Numbers are little-endian, codes of b bits packed from the lowest bit of the first byte on.
/// </summary>
public abstract record Compressor
{
    /// <summary>Bytes of the payload of an update of <paramref name="length"/> parameters, whatever their values.</summary>
    /// <exception cref="OverflowException">They are 2^31 or more.</exception>
    public abstract int PayloadLength(int length);

    /// <summary>Writes the payload of a finite update; random numbers are the key's.</summary>
    public abstract void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload);

    /// <summary>Writes the update that a payload stands for.</summary>
    public abstract void Decode(ReadOnlySpan<byte> payload, Span<float> update);
}
