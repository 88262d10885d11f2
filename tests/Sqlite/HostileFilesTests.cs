using FedPure.Data;
using FedPure.Sqlite.Compression;
using FedPure.TestData;
using FsCheck.Xunit;

namespace FedPure.Sqlite;

/// <summary>Damaged files end in a <see cref="DataFormatException"/> or are read whole: no other exception, no hang.</summary>
public class HostileFilesTests
{
    [Fact]
    public void Tff()
    {
        // A cache folder that cannot be made: every case would leave entries of its own there.
        var options = new TffOptions { CacheFolder = new CacheFolder(Path.Combine(Repository.Golden("seeds/tiny.csv"), "cache")) };
        Mutations.RunOnFiles<DataFormatException>(Seed("tiny.sqlite"), "tiny.sqlite", path =>
        {
            var splits = TffFiles.Open(path, options);
            foreach (string name in splits.Names)
            {
                splits[name].CountLabels();
                foreach (string id in splits[name].ClientIds) splits[name].GetClient(id).InMemory();
            }
        });
    }

    [Theory]
    [InlineData("tiny.sqlite.xz")]
    [InlineData("tiny.sqlite.lzma")]
    public void Packed(string seed) =>
        Mutations.Run<DataFormatException>(Seed(seed), seed, bytes => Unpacker.Unpack(new MemoryStream(bytes), seed, Stream.Null, long.MaxValue));

    [Property(MaxTest = 500)]
    public void AnyBytesBehindTheStartOfAFile(int kept, byte[] tail)
    {
        foreach (string seed in (string[])["tiny.sqlite.xz", "tiny.sqlite.lzma"])
            Mutations.WithTail<DataFormatException>(
                Seed(seed), kept, tail, bytes => Unpacker.Unpack(new MemoryStream(bytes), seed, Stream.Null, long.MaxValue));
        using var folder = new TestFolder();
        Mutations.WithTail<DataFormatException>(Seed("tiny.sqlite"), kept, tail, bytes =>
        {
            File.WriteAllBytes(folder.File("x.sqlite"), bytes);
            foreach (string name in TffFiles.Open(folder.File("x.sqlite"), folder.Options).Names)
                TffFiles.Open(folder.File("x.sqlite"), folder.Options)[name].CountLabels();
        });
    }

    private static byte[] Seed(string name) => File.ReadAllBytes(Repository.Golden($"seeds/{name}"));
}
