using System.Buffers.Binary;
using FedPure.Data.Random;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// k = ⌈fraction·n⌉ elements at places drawn anew each time; the others are 0. Times n/k, the mean over draws is the update (Konečný et al.: Federated
/// learning: strategies for improving communication efficiency. 2016, random mask); as they are, it is for use with error feedback (Stich, Cordonnier, Jaggi.
/// NeurIPS 2018). Payload: the seed of the places in 8 bytes, then k values in float32.
/// </summary>
/// <param name="Fraction">What is kept: above 0 and at most 1.</param>
/// <param name="Unbiased">Whether what is kept is multiplied by n/k.</param>
public sealed record RandomK(double Fraction, bool Unbiased) : Compressor
{
    /// <inheritdoc cref="RandomK" path="/param[@name='Fraction']"/>
    public double Fraction { get; } = Interval.Fraction.Check(Fraction, nameof(Fraction));

    /// <inheritdoc/>
    public override int PayloadLength(int length) => checked(sizeof(ulong) + sizeof(float) * SparseUpdate.Count(Fraction, length));

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, key.Value);
        SparseUpdate.Write(update, Places(key, update.Length), payload[sizeof(ulong)..]);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> payload, Span<float> update)
    {
        var places = Places(new RandomKey(BinaryPrimitives.ReadUInt64LittleEndian(payload)), update.Length);
        SparseUpdate.Read(payload[sizeof(ulong)..], places, Unbiased ? (double)update.Length / places.Length : 1, update);
    }

    private ReadOnlySpan<int> Places(RandomKey key, int length)
    {
        int[] places = [.. Enumerable.Range(0, length)];
        var stream = key.Stream();
        int k = SparseUpdate.Count(Fraction, length);
        stream.ChooseFirst(places, k);
        return places.AsSpan(0, k);
    }
}
