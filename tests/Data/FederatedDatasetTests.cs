namespace FedPure.Data;

public class FederatedDatasetTests
{
    private static readonly ExampleTable Table = new(new float[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 1, 2 }, [2]);

    [Fact]
    public void IdsAreInOrdinalOrder() =>
        Assert.Equal(
            ["B", "a", "b"],
            new FederatedDataset(Table, new Dictionary<string, RowSet> { ["b"] = new(0, 1), ["a"] = new(1, 1), ["B"] = new(2, 1) }).ClientIds.ToArray());

    [Fact]
    public void ClientsAreViewsOfTheirRows()
    {
        var data = new FederatedDataset(Table, new Dictionary<string, RowSet> { ["a"] = new(new[] { 2, 0 }) });
        var client = data.GetClient("a");
        Assert.Equal([2, 0], [client.Label(0), client.Label(1)]);
        Assert.Equal([4f, 5f], client.Features(0).ToArray());
        Assert.Same(Table, client.Examples);
    }

    [Fact]
    public void AnUnknownIdIsNamedWithItsNearest()
    {
        var data = new FederatedDataset(
            Table, new Dictionary<string, RowSet> { ["f0001_42"] = default, ["f0002_11"] = default, ["x"] = default, ["f0001_43"] = default });
        var error = Assert.Throws<UnknownClientException>(() => data.GetClient("f0001_41"));
        Assert.Equal("There is no client 'f0001_41' among the 4; the nearest ids are f0001_42, f0001_43, f0002_11.", error.Message);
    }

    [Fact]
    public void RowsOutsideTheTableAreRefused() =>
        Assert.Contains(
            "row 3", Assert.Throws<ArgumentException>(() => new FederatedDataset(Table, new Dictionary<string, RowSet> { ["a"] = new(2, 2) })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void TablesCheckTheirShape()
    {
        Assert.Throws<ArgumentException>(() => new ExampleTable(new float[5], new int[2], [2]));
        Assert.Throws<ArgumentException>(() => new ExampleTable(new float[2], new[] { -1 }, [2]));
        Assert.Throws<ArgumentException>(() => new ExampleTable(new float[4], new float[3], 2, [2]));
        Assert.Throws<ArgumentException>(() => new ExampleTable(new float[5], new float[4], 2, [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExampleTable(new float[4], new float[4], 0, [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExampleTable(default, default, [0]));
    }

    [Fact]
    public void SplitsAreFoundByName()
    {
        var train = new FederatedDataset(Table, new Dictionary<string, RowSet>());
        var splits = new FederatedSplits([new("train", train)]);
        Assert.Same(train, splits.Train);
        Assert.Contains("no split 'test'; the data have train", Assert.Throws<KeyNotFoundException>(() => splits.Test).Message, StringComparison.Ordinal);
    }
}
