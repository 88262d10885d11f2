using System.IO.Compression;
using FedPure.Data.Readers.Leaf;
using FedPure.Data.Writers;
using FedPure.Digits;
using FedPure.TestData;

namespace FedPure.Data.Leaf;

/// <summary>LEAF files that another program wrote give the embedded clients bit for bit, and so do files that we write.</summary>
public sealed class LeafGoldenTests : IDisposable
{
    private static readonly FederatedSplits Digits = DigitsDataset.Load();

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-leaf").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnotherProgramsFilesGiveTheEmbeddedClients()
    {
        foreach (string split in Digits.Names) Unpack(split);
        AssertFirstFive(LeafFiles.Open(_folder));
    }

    [Fact]
    public void WhatIsWrittenIsReadBackBitForBit()
    {
        foreach (string split in Digits.Names) Unpack(split);
        string copy = Path.Combine(_folder, "copy");
        LeafWriter.Write(copy, LeafFiles.Open(_folder));
        AssertFirstFive(LeafFiles.Open(copy));
        Assert.Equal(["data.json"], Directory.GetFiles(Path.Combine(copy, "train")).Select(Path.GetFileName));
    }

    [Fact]
    public void AFileIsOneSplitAndAShapeCanBeGiven()
    {
        var splits = LeafFiles.Open(Unpack("test"), [28, 28]);
        Assert.Equal(["train"], splits.Names.ToArray());
        Assert.Equal("<label=int32,x=float32[28,28]>", splits.Train.Element.ToString());
        Assert.Contains("784 numbers", Assert.Throws<DataFormatException>(() => LeafFiles.Open(Unpack("test"), [27, 28])).Message, StringComparison.Ordinal);
    }

    private static void AssertFirstFive(FederatedSplits leaf)
    {
        Assert.Equal(["train", "test"], leaf.Names.ToArray());
        foreach (string split in leaf.Names)
        {
            var (expected, actual) = (Digits[split], leaf[split]);
            Assert.Equal(expected.ClientIds[..5].ToArray(), actual.ClientIds.ToArray());
            foreach (string id in actual.ClientIds) AssertSame(expected.GetClient(id), actual.GetClient(id));
            Assert.Equal(
                actual.ClientIds.SelectMany(id => Labels(actual.GetClient(id)))
                    .CountBy(label => label)
                    .OrderBy(pair => pair.Key)
                    .Select(pair => (long)pair.Value),
                actual.CountLabels());
        }
    }

    private static void AssertSame(ClientDataset expected, ClientDataset actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(Labels(expected), Labels(actual));
        for (int i = 0; i < expected.Count; i++) Assert.Equal(expected.Features(i), actual.Features(i));
    }

    private static int[] Labels(ClientDataset client) => [.. Enumerable.Range(0, client.Count).Select(client.Label)];

    private string Unpack(string split)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, split)).FullName, path = Path.Combine(folder, "digits5.json");
        using var gzip = new GZipStream(File.OpenRead(Repository.Golden($"digits/leaf/{split}.json.gz")), CompressionMode.Decompress);
        using var file = File.Create(path);
        gzip.CopyTo(file);
        return path;
    }
}
