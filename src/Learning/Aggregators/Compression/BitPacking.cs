namespace FedPure.Learning.Aggregators;

/// <summary>Codes of up to 32 bits, packed without gaps from the lowest bit of the first byte on.</summary>
internal static class BitPacking
{
    /// <summary>Bytes of that many codes.</summary>
    public static int Length(int count, int bits) => checked((int)(((long)count * bits + 7) / 8));

    /// <summary>Bits that hold every number from 0 to <paramref name="largest"/>.</summary>
    public static int BitsOf(int largest) => 32 - int.LeadingZeroCount(largest);

    public static void Pack(ReadOnlySpan<uint> codes, int bits, Span<byte> packed)
    {
        ulong pending = 0;
        int held = 0, at = 0;
        foreach (uint code in codes)
        {
            pending |= (ulong)code << held;
            for (held += bits; held >= 8; held -= 8, pending >>= 8) packed[at++] = (byte)pending;
        }

        if (held > 0) packed[at] = (byte)pending;
    }

    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<uint> codes)
    {
        ulong pending = 0;
        int held = 0, at = 0;
        foreach (ref uint code in codes)
        {
            for (; held < bits; held += 8) pending |= (ulong)packed[at++] << held;
            code = (uint)(pending & ((1UL << bits) - 1));
            (pending, held) = (pending >> bits, held - bits);
        }
    }
}
