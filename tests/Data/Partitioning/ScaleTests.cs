namespace FedPure.Data.Partitioning;

/// <summary>Clients are cheap. Memory is what a full collection leaves; other tests may run at the same time, so the bounds have room.</summary>
[Collection(nameof(ScaleTests))]
[CollectionDefinition(nameof(ScaleTests), DisableParallelization = true)]
public class ScaleTests
{
    private const long Megabyte = 1_000_000;

    [Fact]
    public void AMillionClientsTakeLessThan200Megabytes()
    {
        var table = new ExampleTable(new float[1_000_000], new int[1_000_000], [1]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var data = new IidPartitioner(1_000_000, 0).Partition(table);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(1, data.GetClient("client_999999").Count);
        Assert.True(data.Has("client_000000") && !data.Has("client_1000000"));

        // An id of 13 characters takes 48 bytes and its reference 8, a row set 24, the row 4: 84 bytes a client.
        Assert.InRange(bytes, 80 * Megabyte, 92 * Megabyte);
    }

    [Fact]
    public void AHundredThousandVirtualClientsAreViewsOfSixtyThousandRows()
    {
        var table = new ExampleTable(new float[60_000 * 16], new int[60_000], [16]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var data = new VirtualPartitioner(100_000, 50, 0).Partition(table);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(bytes, 25 * Megabyte, 40 * Megabyte);
        var client = data.GetClient("client_54321");
        Assert.Same(table, client.Examples);
        Assert.Equal(50, Enumerable.Range(0, 50).Select(i => client.Rows[i]).Distinct().Count());
    }
}
