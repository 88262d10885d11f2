namespace FedPure.Data.Readers;

/// <summary>
/// The two cyclic redundancy checks of the .xz format, the first also that of zip archives, bit-reflected, complemented before and after: CRC-32 (IEEE 802.3)
/// and CRC-64 (ECMA-182). One table of 64-bit entries serves both, since a reflected CRC-32 never sets a bit above its 32.
/// </summary>
internal sealed class Crc
{
    private static readonly ulong[] Table32 = Table(0xEDB88320), Table64 = Table(0xC96C5795D7870F42);

    private readonly ulong[] _table;
    private readonly ulong _mask;
    private ulong _value;

    private Crc(ulong[] table, ulong mask) => (_table, _mask, _value) = (table, mask, mask);

    public ulong Value => _value ^ _mask;

    public static Crc Of32() => new(Table32, uint.MaxValue);

    public static Crc Of64() => new(Table64, ulong.MaxValue);

    public static uint Of32(ReadOnlySpan<byte> bytes)
    {
        var crc = Of32();
        crc.Add(bytes);
        return (uint)crc.Value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        ulong value = _value;
        foreach (byte next in bytes) value = _table[(byte)(value ^ next)] ^ (value >> 8);
        _value = value;
    }

    private static ulong[] Table(ulong polynomial)
    {
        var table = new ulong[256];
        for (int i = 0; i < 256; i++)
        {
            ulong value = (ulong)i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ polynomial;
            table[i] = value;
        }

        return table;
    }
}
