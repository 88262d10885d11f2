using FedPure.Data.Partitioning;
using FedPure.Data.Readers;
using FedPure.Data.Readers.Leaf;
using FedPure.Data.Readers.Numpy;
using FedPure.TestData;
using FsCheck.Xunit;

namespace FedPure.Data;

/// <summary>Whatever bytes FsCheck puts behind the start of a file: they are read or refused, in no other way.</summary>
public sealed class AnyBytesTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("fedpure-any").FullName, "x.npz");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Property(MaxTest = 500)]
    public void AfterAnIdxHeader(int kept, byte[] tail)
    {
        byte[] labels = Seed("tiny-labels-idx1-ubyte");
        foreach (string seed in (string[])["tiny-images-idx3-ubyte", "tiny-images-idx3-ubyte.gz"])
            Mutations.WithTail<DataFormatException>(
                Seed(seed), kept, tail, bytes => IdxImages.Read(new MemoryStream(bytes), seed, new MemoryStream(labels), "labels"));
        Mutations.WithTail<DataFormatException>(
            [.. """{"clients":[{"id":"a","train":[0,2]}]}"""u8], kept, tail, bytes => IdxClients.Read(new MemoryStream(bytes), "clients.json"));
    }

    [Property(MaxTest = 500)]
    public void AfterTheStartOfAFile(int kept, byte[] tail)
    {
        Try("tiny.json", path => LeafFiles.Open(path).Train.CountLabels());
        Try("tiny.json", path => LeafFiles.OpenText(path));
        Try("tiny.npz", path => NumpyFiles.Read(path));
        Try("tiny-stored.npz", path => NumpyFiles.Read(path));
        Try("tiny.json", path => PartitionLock.Read(path));

        void Try(string seed, Action<string> read) => Mutations.WithTail<DataFormatException>(Seed(seed), kept, tail, bytes =>
        {
            File.WriteAllBytes(_path, bytes);
            read(_path);
        });
    }

    private static byte[] Seed(string name) => File.ReadAllBytes(Repository.Golden($"seeds/{name}"));
}
