namespace FedPure.Data.Partitioning;

public sealed class PartitionLockTests : IDisposable
{
    private static readonly int[] Labels = [0, 1, 0, 1];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fedpure-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void ALockIsReadAsItWasWritten()
    {
        var written = Lock(Labels, 1);
        written.Write(_path);
        Assert.Empty(written.Differences(PartitionLock.Read(_path)));
    }

    [Fact]
    public void TheHashIsOfSizesAndRows()
    {
        // printf of the int32 values 2, 3, 0, 1, 2 little-endian, through sha256sum.
        var partition = new Partition([3, 0, 2], [2, 1]);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0])),
            partition.Sha256());
    }

    [Fact]
    public void DifferencesAreNamed()
    {
        var locked = Lock(Labels, 1);
        Assert.Equal<string>(["the seed is 2, not 1"], locked.Differences(Lock(Labels, 1) with { Seed = 2 }));
        Assert.Equal<string>(["the partition is iid:3, not iid:2"], locked.Differences(Lock(Labels, 1) with { Spec = "iid:3" }));
        Assert.Equal<string>(["the labels of the split 'train' are others"], locked.Differences(Lock([1, 1, 0, 1], 1)));
        Assert.Equal<string>(["the split 'train' has 5 examples, not 4"], locked.Differences(Lock([1, 1, 0, 1, 0], 1)));
        Assert.Equal<string>(
            ["the clients of the split 'train' have other rows"], locked.Differences(locked with { Splits = [locked.Splits[0] with { RowsSha256 = "0" }] }));
        Assert.Equal<string>(["the split 'train' is missing"], locked.Differences(locked with { Splits = [] }));
        Assert.Equal<string>(["there is a split 'train'"], (locked with { Splits = [] }).Differences(locked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"other"}""")]
    [InlineData("""{"format":"fedpure-partition-1","partition":null,"seed":0,"splits":{}}""")]
    [InlineData("""{"format":"fedpure-partition-1","partition":"iid:2","seed":1.5,"splits":{}}""")]
    [InlineData("""{"format":"fedpure-partition-1","partition":"iid:2","seed":1,"splits":[]}""")]
    [InlineData("""{"format":"fedpure-partition-1","partition":"iid:2","seed":1,"splits":{"train":{}}}""")]
    public void WhatIsNoLockIsRefusedByName(string text)
    {
        File.WriteAllText(_path, text);
        Assert.StartsWith(_path + ": it", Assert.Throws<DataFormatException>(() => PartitionLock.Read(_path)).Message, StringComparison.Ordinal);
    }

    private static PartitionLock Lock(int[] labels, long seed) =>
        new("iid:2", seed, [LockedSplit.Of("train", labels, new IidPartitioner(2, seed).Partition(labels))]);
}
