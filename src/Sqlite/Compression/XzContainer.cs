using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using FedPure.Data;
using FedPure.Data.Readers;
using SharpCompress.Compressors.LZMA;

namespace FedPure.Sqlite.Compression;

/// <summary>
/// Lets the content of a block go where it should, through a decoder with a dictionary of the size that the callee allows; returns its length.
/// </summary>
internal delegate long CopyBlock(long dictionary, Func<long, Stream> open, Action<ReadOnlySpan<byte>>[] checks);

/// <summary>
/// The .xz container (The .xz file format, version 1.2.1): streams of a header, blocks of LZMA2 data each with its check, an index and a footer. Every checksum
/// of the format is verified, and the index must tell the blocks as they were.
/// </summary>
internal sealed class XzContainer(CompressedInput input, string path, CopyBlock copy)
{
    private const byte Lzma2 = 0x21;
    private const int HeaderLength = 12, NoCheck = 0, Crc32Check = 1, Crc64Check = 4, Sha256Check = 10, LargestDictionary = 40;

    private readonly List<(long Unpadded, long Uncompressed)> _blocks = [];

    public static ReadOnlySpan<byte> Magic => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];

    private static ReadOnlySpan<byte> FooterMagic => "YZ"u8;

    /// <summary>Reads all streams of the file.</summary>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public void Read()
    {
        do ReadStream();
        while (!AtEndAfterPadding());
    }

    private void ReadStream()
    {
        var header = ReadBytes(HeaderLength);
        if (!header.AsSpan().StartsWith(Magic)) throw Damaged("no stream header stands");
        RequireCrc(header.AsSpan(6, 2), header.AsSpan(8), "stream header");
        int check = header[7];
        if (header[6] != 0 || check is not (NoCheck or Crc32Check or Crc64Check or Sha256Check))
            throw Damaged($"the stream flags {header[6]:X2}{header[7]:X2} are unknown");
        _blocks.Clear();
        for (int sizeByte; (sizeByte = input.ReadByte()) != 0;) ReadBlock(sizeByte, check);
        long indexLength = ReadIndex();
        ReadFooter(header.AsSpan(6, 2), indexLength);
    }

    private void ReadBlock(int sizeByte, int check)
    {
        long start = input.BytesRead - 1;
        var header = new byte[4 * (sizeByte + 1)];
        header[0] = (byte)sizeByte;
        input.ReadExactly(header.AsSpan(1));
        RequireCrc(header.AsSpan(0, header.Length - 4), header.AsSpan(header.Length - 4), "block header");
        var (dictionary, compressed, uncompressed) = ParseBlockHeader(header.AsSpan(0, header.Length - 4));

        long dataStart = input.BytesRead;
        using var sha256 = check == Sha256Check ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        var crc = check == Crc32Check ? Crc.Of32() : Crc.Of64();
        Action<ReadOnlySpan<byte>>[] checks = check switch { NoCheck => [], Sha256Check => [sha256!.AppendData], _ => [crc.Add] };
        long length = copy(Size(dictionary), size => LzmaStream.Create([Byte(size)], input, leaveOpen: true), checks);
        long dataLength = input.BytesRead - dataStart;
        if ((compressed ?? dataLength) != dataLength || (uncompressed ?? length) != length) throw Damaged("a block is not as long as its header says");
        RequireZeros((int)(-dataLength & 3), "block padding");
        var sum = ReadBytes(check switch { NoCheck => 0, Crc32Check => 4, Crc64Check => 8, _ => 32 });
        bool matches = check switch
        {
            NoCheck => true,
            Crc32Check => BinaryPrimitives.ReadUInt32LittleEndian(sum) == crc.Value,
            Crc64Check => BinaryPrimitives.ReadUInt64LittleEndian(sum) == crc.Value,
            _ => sum.AsSpan().SequenceEqual(sha256!.GetHashAndReset()),
        };
        if (!matches) throw Damaged("a block's check does not match its content");
        _blocks.Add((dataStart - start + dataLength + sum.Length, length));
    }

    private (int Dictionary, long? Compressed, long? Uncompressed) ParseBlockHeader(ReadOnlySpan<byte> header)
    {
        int next = 2;
        byte flags = header[1];
        long? compressed = (flags & 0x40) != 0 ? Number(header, ref next) : null, uncompressed = (flags & 0x80) != 0 ? Number(header, ref next) : null;
        if ((flags & 0x3C) != 0) throw Damaged($"the block flags {flags:X2} are unknown");
        if ((flags & 0x03) != 0 || Number(header, ref next) != Lzma2 || Number(header, ref next) != 1 || next >= header.Length)
            throw Damaged("a block has filters other than LZMA2, which is the only one that is read; pack the file with plain xz");
        int dictionary = header[next++];
        if (dictionary > LargestDictionary) throw Damaged($"the dictionary size {dictionary} is unknown");
        return header[next..].IndexOfAnyExcept((byte)0) < 0
            ? (dictionary, compressed, uncompressed) : throw Damaged("the padding of a block header is not zero");
    }

    // The index repeats what the blocks were; the byte of 0 that starts it is read already.
    private long ReadIndex()
    {
        long start = input.BytesRead - 1;
        var bytes = new List<byte> { 0 };
        long count = NextNumber(bytes);
        if (count != _blocks.Count) throw Damaged($"the index tells {count} blocks, but there were {_blocks.Count}");
        foreach (var (unpadded, uncompressed) in _blocks)
        {
            if (NextNumber(bytes) != unpadded || NextNumber(bytes) != uncompressed) throw Damaged("the index does not tell the blocks as they are");
        }

        while (bytes.Count % 4 != 0) bytes.Add((byte)input.ReadByte());
        RequireCrc([.. bytes], ReadBytes(4), "index");
        return input.BytesRead - start;
    }

    private void ReadFooter(ReadOnlySpan<byte> flags, long indexLength)
    {
        var footer = ReadBytes(HeaderLength);
        RequireCrc(footer.AsSpan(4, 6), footer.AsSpan(0, 4), "stream footer");
        long toldLength = 4 * (BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(4)) + 1L);
        if (toldLength != indexLength || !footer.AsSpan(8, 2).SequenceEqual(flags) || !footer.AsSpan(10).SequenceEqual(FooterMagic))
            throw Damaged("the stream footer does not go with its stream");
    }

    // Between and after streams there may be zeros, a multiple of four.
    private bool AtEndAfterPadding()
    {
        while (!input.AtEnd())
        {
            if (input.PeekByte() != 0) return false;
            RequireZeros(4, "stream padding");
        }

        return true;
    }

    // A dictionary size is 2 or 3 times a power of two: 4 KiB is 0, 6 KiB 1, 8 KiB 2, ..., and 40 means 4 GiB - 1.
    private static long Size(int dictionary) => dictionary == LargestDictionary ? uint.MaxValue : (2L | dictionary & 1) << (dictionary / 2 + 11);

    // The smallest even one that is no smaller.
    private static byte Byte(long size) => (byte)(2 * Math.Max(0, BitOperations.Log2((ulong)size - 1) + 1 - 12));

    private long NextNumber(List<byte> bytes)
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = (byte)input.ReadByte();
            bytes.Add(next);
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Damaged("a number has more than nine bytes");
    }

    private long Number(ReadOnlySpan<byte> header, ref int next)
    {
        long value = 0;
        for (int shift = 0; shift < 63 && next < header.Length; shift += 7)
        {
            byte digit = header[next++];
            value |= (long)(digit & 0x7F) << shift;
            if (digit < 0x80) return value;
        }

        throw Damaged("a number in a block header does not end");
    }

    private byte[] ReadBytes(int count)
    {
        var bytes = new byte[count];
        input.ReadExactly(bytes);
        return bytes;
    }

    private void RequireZeros(int count, string what)
    {
        for (; count > 0; count--)
        {
            if (input.ReadByte() != 0) throw Damaged($"the {what} is not zero");
        }
    }

    private void RequireCrc(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> crc, string what)
    {
        if (Crc.Of32(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(crc)) throw Damaged($"the checksum of a {what} is wrong");
    }

    private DataFormatException Damaged(string what) => new(path, $"its .xz container is damaged: before byte {input.BytesRead}, {what}.");
}
