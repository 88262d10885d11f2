using FedPure.Data.Partitioning;
using FedPure.Data.Readers;
using FedPure.Data.Readers.Leaf;
using FedPure.Data.Readers.Numpy;
using FedPure.TestData;

namespace FedPure.Data;

/// <summary>Damaged files end in a <see cref="DataFormatException"/> or are read whole: no other exception, no hang.</summary>
public class HostileFilesTests
{
    [Theory]
    [InlineData("tiny-images-idx3-ubyte")]
    [InlineData("tiny-images-idx3-ubyte.gz")]
    public void Idx(string seed)
    {
        byte[] labels = Seed("tiny-labels-idx1-ubyte");
        Mutations.Run<DataFormatException>(Seed(seed), seed, bytes => IdxImages.Read(new MemoryStream(bytes), seed, new MemoryStream(labels), "labels"));
    }

    [Fact]
    public void IdxLabels()
    {
        byte[] images = Seed("tiny-images-idx3-ubyte");
        Mutations.Run<DataFormatException>(
            Seed("tiny-labels-idx1-ubyte"), "labels",
            bytes => IdxImages.Read(new MemoryStream(images), "images", new MemoryStream(bytes), "labels", transposed: true));
    }

    [Fact]
    public void IdxClientRanges()
    {
        byte[] seed = [.. """{"clients":[{"id":"a","train":[0,2],"test":[0,1]},{"id":"b","train":[2,1]}]}"""u8];
        Mutations.Run<DataFormatException>(seed, IdxClients.FileName, bytes => IdxClients.Read(new MemoryStream(bytes), IdxClients.FileName));
    }

    [Fact]
    public void PartitionLocks()
    {
        byte[] seed = [.. """{"format":"fedpure-partition-1","partition":"iid:2","seed":0,"splits":{"train":{"examples":4,"labels_sha256":"00","clients":2,"rows_sha256":"11"}}}"""u8];
        Mutations.RunOnFiles<DataFormatException>(seed, "lock.json", path => PartitionLock.Read(path));
    }

    [Fact]
    public void Leaf() => Mutations.RunOnFiles<DataFormatException>(Seed("tiny.json"), "tiny.json", path => ReadAll(LeafFiles.Open(path)));

    [Fact]
    public void LeafText()
    {
        byte[] seed =
            [.. """{"users":["a","b"],"num_samples":[2,1],"user_data":{"a":{"x":[["1","née"],["2","\u00e9"]],"y":[0,4]},"b":{"x":["z"],"y":["4"]}}}"""u8];
        Mutations.RunOnFiles<DataFormatException>(seed, "text.json", path =>
        {
            foreach (var (_, data) in LeafFiles.OpenText(path))
            {
                foreach (string id in data.ClientIds) data.GetClient(id);
            }
        });
    }

    [Theory]
    [InlineData("tiny.npz")]
    [InlineData("tiny-stored.npz")]
    public void Npz(string seed) => Mutations.RunOnFiles<DataFormatException>(Seed(seed), seed, path => NumpyFiles.Read(path));

    [Fact]
    public void Npy() => Mutations.Run<DataFormatException>(Seed("tiny-x.npy"), "x.npy", bytes =>
    {
        var array = new NpyArray(new MemoryStream(bytes), "x.npy");
        if (array.Header.Kind is 'U' or 'S') array.ReadIds();
        else array.ReadFeatures();
    });

    private static byte[] Seed(string name) => File.ReadAllBytes(Repository.Golden($"seeds/{name}"));

    private static void ReadAll(FederatedSplits splits)
    {
        foreach (string name in splits.Names)
        {
            splits[name].CountLabels();
            foreach (string id in splits[name].ClientIds) splits[name].GetClient(id).InMemory();
        }
    }
}
