using System.IO.Compression;
using System.Text;
using FedPure.Data.Readers;
using FedPure.Data.Readers.Leaf;
using FedPure.Data.Readers.Numpy;

namespace FedPure.Data;

/// <summary>
/// Small files that would unpack to much, or never end: what is read of them is bounded by what their headers promise, and memory by what has come.
/// </summary>
public sealed class BombTests : IDisposable
{
    private const int Unpacked = 64 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-bombs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AGzipBombIsReadNoFurtherThanItsHeaderPromises()
    {
        byte[] bomb = Gzipped([0, 0, 8, 1, 0, 0, 0, 4], Unpacked);
        Assert.InRange(bomb.Length, 0, 100_000);
        AssertCheaply("bytes are left over after the 4 bytes", 4 << 20, () => IdxReader.Read(new MemoryStream(bomb), "x"));
    }

    [Fact]
    public void AGzipFileThatPromisesMoreThanItsSizeCanHoldTakesNoMemoryForIt()
    {
        // 2^30 bytes promised; a few hundred can become 1032 times as many at most.
        byte[] small = Gzipped([0, 0, 8, 1, 0x40, 0, 0, 0], 1000);
        AssertCheaply("promises 1073741824 bytes of data, but it ends after 1000", 4 << 20, () => IdxReader.Read(new MemoryStream(small), "x"));
    }

    [Fact]
    public void AZipBombIsReadNoFurtherThanItsHeaderPromises()
    {
        string path = Npz("(1, 1)", Unpacked);
        Assert.InRange(new FileInfo(path).Length, 0, 200_000);
        AssertCheaply("left over after the 4", 4 << 20, () => NumpyFiles.Read(path));
    }

    [Fact]
    public void AZipEntryThatPromisesMoreThanItHoldsTakesNoMemoryForIt() =>
        AssertCheaply("promises 2000000000 bytes of values", 4 << 20, () => NumpyFiles.Read(Npz("(500000000, 1)", 400)));

    [Fact]
    public void ATokenWithoutEndIsGivenUp()
    {
        string path = Path.Combine(_folder, "endless.json");
        using (var file = File.Create(path))
        {
            file.Write("{\"users\":[\""u8);
            byte[] letters = [.. Enumerable.Repeat((byte)'a', 1 << 20)];
            for (int i = 0; i < 40; i++) file.Write(letters);
        }

        // Buffers of 64 KiB to 32 MiB, each twice the one before.
        AssertCheaply("the token at byte 10 is longer than 16777216 bytes", 80 << 20, () => LeafFiles.Open(path));
    }

    [Fact]
    public void DeepNestingIsGivenUp()
    {
        string path = Path.Combine(_folder, "deep.json");
        File.WriteAllText(path, """{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":""" + new string('[', 100_000));
        AssertCheaply("not JSON after byte", 4 << 20, () => LeafFiles.Open(path));
    }

    private string Npz(string shape, int zeros)
    {
        string path = Path.Combine(_folder, "bomb.npz");
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, type, size, count) in new[] { ("x.npy", "<f4", shape, zeros), ("y.npy", "|i1", "(1,)", 1) })
        {
            using var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
            string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {size}, }}\n";
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
            entry.Write(new byte[count]);
        }

        return path;
    }

    private static byte[] Gzipped(byte[] header, int zeros)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.SmallestSize))
        {
            gzip.Write(header);
            gzip.Write(new byte[zeros]);
        }

        return memory.ToArray();
    }

    private static void AssertCheaply(string reason, long bytes, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DataFormatException>(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
