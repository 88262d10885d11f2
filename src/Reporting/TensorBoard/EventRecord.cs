using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FedPure.Reporting.TensorBoard;

/// <summary>
/// The framing of TensorFlow's record files: length (uint64, little-endian), masked CRC-32C of those eight bytes, the data, masked CRC-32C of the data. A
/// reader can tell a record that was cut short from a whole one, so that a file is good up to the last whole record wherever its writer was killed.
/// </summary>
internal static class EventRecord
{
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>Appends a record to a stream.</summary>
    public static void Write(Stream target, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[12], footer = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(header, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedCrc(header[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc(data));
        target.Write(header);
        target.Write(data);
        target.Write(footer);
    }

    /// <summary>CRC-32C, rotated and shifted by a constant: a checksum that is itself among checksummed data would weaken theirs.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        int whole = data.Length / 8 * 8;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(data[..whole]))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight : BinaryPrimitives.ReverseEndianness(eight));
        foreach (byte one in data[whole..]) crc = BitOperations.Crc32C(crc, one);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + MaskDelta;
    }
}
