using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Data.Partitioning;

public class IidPartitionerTests
{
    [Property]
    public Property EveryRowGoesToExactlyOneClientAndSizesDifferByAtMostOne(PositiveInt clients, NonNegativeInt more, long seed)
    {
        int count = clients.Get + more.Get;
        var data = new IidPartitioner(clients.Get, seed).Partition(Table(count));
        var sizes = data.ClientIds.Select(id => data.GetClient(id).Count).ToList();
        var rows = data.ClientIds.SelectMany(id => Rows(data.GetClient(id))).Order();
        return (rows.SequenceEqual(Enumerable.Range(0, count)) && sizes.Count == clients.Get && sizes.Max() - sizes.Min() <= 1).ToProperty();
    }

    // Computed by a second implementation, in Python. A promise: the partition of a seed must not change between versions.
    [Fact]
    public void ThePartitionOfASeedNeverChanges()
    {
        var data = new IidPartitioner(3, 0).Partition(Table(10));
        Assert.Equal(["client_0", "client_1", "client_2"], data.ClientIds.ToArray());
        Assert.Equal([[9, 6, 2, 0], [1, 4, 7], [3, 5, 8]], data.ClientIds.Select(id => Rows(data.GetClient(id)).ToArray()));
    }

    [Fact]
    public void SeedsMatter() =>
        Assert.NotEqual(
            Rows(new IidPartitioner(2, 1).Partition(Table(50)).GetClient("client_0")),
            Rows(new IidPartitioner(2, 2).Partition(Table(50)).GetClient("client_0")));

    [Fact]
    public void MoreClientsThanExamplesAreRefused() =>
        Assert.Contains(
            "3 examples cannot be spread over 4 clients", Assert.Throws<ArgumentException>(() => new IidPartitioner(4, 0).Partition(Table(3))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void IdsSortAsTheirNumbers()
    {
        var ids = new IidPartitioner(12, 0).Partition(Table(12)).ClientIds;
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"client_{i:D2}"), ids);
    }

    private static ExampleTable Table(int count) => new(new float[count], Enumerable.Range(0, count).ToArray(), [1]);

    private static IEnumerable<int> Rows(ClientDataset client) => Enumerable.Range(0, client.Count).Select(client.Label);
}
