using System.Runtime.InteropServices;
using FedPure.Data.Random;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// The k = ⌈fraction·n⌉ elements of the largest size, equal ones by their place; the others are 0 (Stich, Cordonnier, Jaggi: Sparsified SGD with memory.
/// NeurIPS 2018). It is for use with error feedback. Payload: k values in float32, then their places in ascending order, ⌈log₂ n⌉ bits each.
/// </summary>
/// <param name="Fraction">What is kept: above 0 and at most 1.</param>
public sealed record TopK(double Fraction) : Compressor
{
    /// <inheritdoc cref="TopK" path="/param[@name='Fraction']"/>
    public double Fraction { get; } = Interval.Fraction.Check(Fraction, nameof(Fraction));

    /// <inheritdoc/>
    public override int PayloadLength(int length)
    {
        int k = SparseUpdate.Count(Fraction, length);
        return checked(sizeof(float) * k + BitPacking.Length(k, PlaceBits(length)));
    }

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> update, RandomKey key, Span<byte> payload)
    {
        int[] places = Largest(update, SparseUpdate.Count(Fraction, update.Length));
        SparseUpdate.Write(update, places, payload);
        BitPacking.Pack(MemoryMarshal.Cast<int, uint>(places), PlaceBits(update.Length), payload[(sizeof(float) * places.Length)..]);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> payload, Span<float> update)
    {
        var places = new int[SparseUpdate.Count(Fraction, update.Length)];
        BitPacking.Unpack(payload[(sizeof(float) * places.Length)..], PlaceBits(update.Length), MemoryMarshal.Cast<int, uint>(places.AsSpan()));
        SparseUpdate.Read(payload, places, 1, update);
    }

    /// <summary>The places of the k largest, ascending. Two counts over 16 bits each find the k-th largest size in one pass of the update each.</summary>
    internal static int[] Largest(ReadOnlySpan<float> update, int k)
    {
        // Sizes of finite floats order as their bits do.
        var counts = new int[1 << 16];
        foreach (float x in update) counts[Size(x) >> 16]++;
        int wanted = k;
        uint high = Threshold(counts, ref wanted);
        Array.Clear(counts);
        foreach (float x in update)
        {
            if (Size(x) >> 16 == high) counts[Size(x) & 0xFFFF]++;
        }

        // All above the threshold, and as many of those at it as are wanted still, from the first on.
        uint threshold = (high << 16) | Threshold(counts, ref wanted);
        var places = new int[k];
        for (int i = 0, at = 0; at < k; i++)
        {
            uint size = Size(update[i]);
            if (size > threshold || (size == threshold && wanted-- > 0)) places[at++] = i;
        }

        return places;
    }

    // The value at which counting from the top reaches what is wanted, and how many of that value are.
    private static uint Threshold(int[] counts, ref int wanted)
    {
        int value = counts.Length - 1;
        for (; value > 0 && counts[value] < wanted; value--) wanted -= counts[value];
        return (uint)value;
    }

    private static uint Size(float x) => BitConverter.SingleToUInt32Bits(x) & 0x7FFFFFFF;

    private static int PlaceBits(int length) => BitPacking.BitsOf(Math.Max(0, length - 1));
}
