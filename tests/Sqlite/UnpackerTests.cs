using System.Buffers.Binary;
using FedPure.Data;
using FedPure.Data.Readers;
using FedPure.Sqlite.Compression;
using FedPure.TestData;
using SharpCompress.Compressors.LZMA;

namespace FedPure.Sqlite;

public class UnpackerTests
{
    private static readonly byte[] Xz = File.ReadAllBytes(Repository.Golden("seeds/tiny.sqlite.xz")), Alone = File.ReadAllBytes(
        Repository.Golden("seeds/tiny.sqlite.lzma"));

    [Fact]
    public void Crc64IsThatOfTheFormatsDescription()
    {
        // The check values of both, over the digits 1 to 9, in the catalogue of parametrised CRC algorithms.
        Assert.Equal(0xCBF43926u, Crc.Of32("123456789"u8));
        var crc = Crc.Of64();
        crc.Add("123456789"u8);
        Assert.Equal(0x995DC9BBDF1939FAul, crc.Value);
    }

    [Fact]
    public void StreamsMayFollowEachOtherWithPadding()
    {
        byte[] once = Unpack(Xz), twice = Unpack([.. Xz, 0, 0, 0, 0, .. Xz, 0, 0, 0, 0]);
        Assert.Equal(2 * once.Length, twice.Length);
        Assert.Equal(once, twice[once.Length..]);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        foreach (byte[] whole in new[] { Xz, Alone })
        {
            for (int length = 14; length < whole.Length; length++) AssertRefused(whole[..length], "cut short");
        }
    }

    [Fact]
    public void WhatIsLeftOverIsRefused()
    {
        AssertRefused([.. Alone, 1], "left over");
        AssertRefused([.. Xz, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "no stream header");
    }

    [Fact]
    public void AFlippedBitAnywhereInAnXzFileIsFoundOrChangesNothing()
    {
        // Every part of the container has a checksum; the last bytes of a range coder's data may be any.
        byte[] content = Unpack(Xz);
        int harmless = 0;
        for (int i = 0; i < Xz.Length; i++)
        {
            byte[] bytes = [.. Xz];
            bytes[i] ^= 0x10;
            if (Record.Exception(() => Assert.Equal(content, Unpack(bytes))) is { } error) Assert.IsType<DataFormatException>(error);
            else harmless++;
        }

        Assert.InRange(harmless, 0, 4);
    }

    [Fact]
    public void WhatComesOutIsBoundedByWhatWentIn()
    {
        // Zeros shrink to a six-thousandth.
        byte[] bomb = Pack(new byte[8 << 20]);
        Assert.InRange(bomb.Length, 500, 6000);
        AssertRefused(bomb, "come out of it; the limit is");
        AssertRefused(Xz, "the limit is 1000", limit: 1_000);
    }

    [Fact]
    public void AHeaderCannotClaimMemoryForADictionary()
    {
        byte[] bytes = Pack([1, 2, 3]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), 0xFFFF0000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal([1, 2, 3], Unpack(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void APromisedLengthIsKept()
    {
        byte[] bytes = Pack([1, 2, 3]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(5), 3);
        Assert.Equal([1, 2, 3], Unpack(bytes));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(5), 4);
        AssertRefused(bytes, "");
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(5), long.MaxValue);
        AssertRefused(bytes, "promises 9223372036854775807 bytes");
    }

    // LZMA alone, of unknown length with a mark at its end, as Python writes it.
    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var encoder = LzmaStream.Create(new LzmaEncoderProperties(eos: true, dictionary: 1 << 16), false, packed))
        {
            packed.Write(encoder.Properties);
            packed.Write([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
            encoder.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] bytes, long limit = long.MaxValue)
    {
        using var output = new MemoryStream();
        Unpacker.Unpack(new MemoryStream(bytes), "x.xz", output, limit);
        return output.ToArray();
    }

    private static void AssertRefused(byte[] bytes, string reason, long limit = long.MaxValue)
    {
        var error = Assert.Throws<DataFormatException>(() => Unpack(bytes, limit));
        Assert.StartsWith("x.xz: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
