using FedPure.Data;

namespace FedPure.Sqlite;

public sealed class TffWriterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ClientsInAnotherOrderThanThatOfTheirIdsKeepTheirExamples()
    {
        var table = new ExampleTable(new float[] { 1, 2, 3 }, new[] { 0, 1, 2 }, [1]);
        var read = Written(new FederatedDataset(table, [new("c", new(0, 1)), new("a", new(1, 1)), new("b", new(2, 1))]).Subset(["c", "a", "b"]));
        Assert.Equal(["a", "b", "c"], read.ClientIds.ToArray());
        Assert.Equal([2f, 3f, 1f], read.ClientIds.Select(id => read.GetClient(id).Features(0)[0]));
    }

    [Fact]
    public void WhatNoReaderWouldTakeIsRefusedByNameAndLeavesNoFile()
    {
        AssertRefused("the examples of client 'a' have float targets", new ExampleTable(new float[1], new float[1], 1, [1]));
        AssertRefused("example 0 of client 'a' has a feature that is not finite", new ExampleTable(new[] { float.PositiveInfinity }, new int[1], [1]));
    }

    [Fact]
    public void AnIdIsReadBackAsItWasOrRefused()
    {
        Assert.Equal(["a\0b"], Written(OneClient("a\0b")).ClientIds.ToArray());
        foreach (string id in (string[])["\uD800x", "x\uFFFD"])
            Assert.Contains(
                "not valid Unicode; rename the client", Assert.Throws<DataFormatException>(() => Written(OneClient(id))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsCancelledHalfWayLeavesNothingBehind()
    {
        using var cancel = new CancellationTokenSource();
        var data = CancellingClients.Of(cancel);
        Assert.Throws<OperationCanceledException>(
            () => TffWriter.Write(_folder.File("written.sqlite"), new FederatedSplits([new(FederatedSplits.TrainName, data)]), cancel.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder.File("written.sqlite"))!));
    }

    private static FederatedDataset OneClient(string id) => new(new ExampleTable(new float[1], new int[1], [1]), [new(id, new(0, 1))]);

    private IFederatedDataset Written(IFederatedDataset data)
    {
        string path = _folder.File("written.sqlite");
        TffWriter.Write(path, new FederatedSplits([new(FederatedSplits.TrainName, data)]));
        return TffFiles.Open(path, _folder.Options).Train;
    }

    private void AssertRefused(string reason, ExampleTable table)
    {
        var error = Assert.Throws<DataFormatException>(() => Written(new FederatedDataset(table, [new("a", new(0, 1))])));
        Assert.StartsWith(_folder.File("written.sqlite") + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("written.sqlite")));
    }
}
