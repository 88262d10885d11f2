using FedPure.Data;
using FedPure.Sqlite.Compression;
using FedPure.TestData;

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
    public void Packed(string seed) => Mutations.Run<DataFormatException>(Seed(seed), seed, bytes => Unpacker.Unpack(new MemoryStream(bytes), seed, Stream.Null, long.MaxValue));

    private static byte[] Seed(string name) => File.ReadAllBytes(Repository.Golden($"seeds/{name}"));
}
