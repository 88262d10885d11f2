using System.IO.Compression;
using FedPure.Data.Readers;

namespace FedPure.Data;

public class IdxReaderTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Fact]
    public void PlainAndGzippedFilesReadAlike()
    {
        foreach (var bytes in new[] { TwoByThree, Gzip(TwoByThree) })
        {
            var (dimensions, data) = IdxReader.Read(new MemoryStream(bytes), "x");
            Assert.Equal([2, 3], dimensions.ToArray());
            Assert.Equal([1, 2, 3, 4, 5, 255], data);
        }
    }

    [Fact]
    public void EveryTruncationNamesTheFileAndNeverReads()
    {
        for (int length = 0; length < TwoByThree.Length; length++)
        {
            var error = Assert.Throws<DataFormatException>(() => IdxReader.Read(new MemoryStream(TwoByThree[..length]), "some.idx"));
            Assert.StartsWith("some.idx: it", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ATruncatedGzipStreamIsADataFormatExceptionOrStillWhole()
    {
        // Gzip ends with a checksum and a length; a stream cut inside them, or inside the mark before them, still holds all of the data.
        var bytes = Gzip(TwoByThree);
        for (int length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            if (length < bytes.Length - 12) Assert.Throws<DataFormatException>(() => IdxReader.Read(new MemoryStream(cut), "x"));
            else if (Record.Exception(() => Assert.Equal([1, 2, 3, 4, 5, 255], IdxReader.Read(new MemoryStream(cut), "x").Data)) is { } error)
                Assert.IsType<DataFormatException>(error);
        }
    }

    [Fact]
    public void HugeDimensionsAreRefusedByTheHeaderAlone()
    {
        var error = Assert.Throws<DataFormatException>(() => IdxReader.Read(new MemoryStream([0, 0, 8, 2, 0, 1, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF]), "x"));
        Assert.Contains("byte 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryFollowsTheFileAndNotItsHeader()
    {
        // The header promises 2^30 bytes, the file has none of them.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => IdxReader.Read(new MemoryStream([0, 0, 8, 1, 0x40, 0, 0, 0]), "x"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF }, "negative")]
    [InlineData(new byte[] { 0, 0, 13, 1, 0, 0, 0, 1, 0 }, "00000D01")]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 0 }, "01000801")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "00000800")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 9 }, "left over")]
    public void DamageIsNamed(byte[] bytes, string reason)
    {
        var error = Assert.Throws<DataFormatException>(() => IdxReader.Read(new MemoryStream(bytes), "x"));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FlippedBytesNeverEscapeAsAnotherException()
    {
        var random = new System.Random(7);
        foreach (var good in new[] { TwoByThree, Gzip(TwoByThree) })
        {
            for (int i = 0; i < 5_000; i++)
            {
                var bytes = good.ToArray();
                for (int flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    var (dimensions, data) = IdxReader.Read(new MemoryStream(bytes), "x");
                    Assert.Equal(dimensions.Aggregate(1L, (product, size) => product * size), data.Length);
                }
                catch (DataFormatException)
                {
                }
            }
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal)) gzip.Write(bytes);
        return memory.ToArray();
    }
}
