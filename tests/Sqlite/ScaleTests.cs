using System.Globalization;
using FedPure.Data;

namespace FedPure.Sqlite;

// Alone, since what other tests allocate would be counted.
[Collection(nameof(ScaleTests)), CollectionDefinition(nameof(ScaleTests), DisableParallelization = true)]
public sealed class ScaleTests : IDisposable
{
    private const int Clients = 30_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsKnownOfAClientOfAFileIsLittleMoreThanItsId()
    {
        var table = new ExampleTable(new float[1], new int[1], [1]);
        var one = new FederatedDataset(
            table, Enumerable.Range(0, Clients).Select(i => KeyValuePair.Create(i.ToString("'f'000000", CultureInfo.InvariantCulture), new RowSet(0, 1))));
        string path = _folder.File("many.sqlite");
        TffWriter.Write(path, new FederatedSplits([new("train", one), new("test", one)]));

        long before = GC.GetTotalMemory(forceFullCollection: true);
        var splits = TffFiles.Open(path, _folder.Options);
        Assert.Equal(0, splits["test"].GetClient("f012345").Label(0));
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;

        // An id of 7 characters takes 40 bytes, once for both splits; in each split its reference 8, its number of examples 4, the place of its run 4 and the
        // run 16.
        Assert.InRange(bytes, 100 * Clients, 110 * Clients);
        GC.KeepAlive(splits);
    }
}
