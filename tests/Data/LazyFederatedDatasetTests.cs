using System.Collections.Immutable;

namespace FedPure.Data;

public class LazyFederatedDatasetTests
{
    private static readonly ElementSpec Element = ElementSpec.ForExamples([2]);

    private readonly List<string> _reads = [];

    [Fact]
    public void ClientsAreReadWhenTheyAreLookedAtAndKeptWhileThereIsRoom()
    {
        // A client of one example takes 4·(2 + 1) bytes; the cache holds two.
        var data = Dataset(capacity: 24, "a", "b", "c");
        var clients = data.ClientIds.Select(data.GetClient).ToArray();
        Assert.Empty(_reads);
        foreach (int client in (int[])[0, 1, 0, 2, 0, 1]) Assert.Equal(client, clients[client].Label(0));
        Assert.Equal(["a", "b", "c", "b"], _reads);
    }

    [Fact]
    public void TheCacheStaysWithinItsCapacity()
    {
        var cache = new ClientCache(24);
        var data = new LazyFederatedDataset(Element, Counts("a", "b", "c"), Read, cache);
        foreach (string id in data.ClientIds)
        {
            data.GetClient(id).Label(0);
            Assert.InRange(cache.Size, 12, 24);
        }
    }

    [Fact]
    public void ABatchReaderReadsAClientOnce()
    {
        var data = Dataset(capacity: 0, "a");
        var reader = new BatchReader();
        reader.Begin(data.GetClient("a").Preprocess(InputPipeline.Examples.Repeat(5).Batch(2)));
        while (reader.Read(out var batch)) Assert.Equal([0f, 1f], batch.Features[..2].ToArray());
        Assert.Equal(["a"], _reads);
    }

    [Fact]
    public void LabelsAreCountedByReadingUnlessTheSourceSays()
    {
        var data = Dataset(capacity: 100, "a", "b", "c");
        Assert.Equal([1, 1, 1], data.CountLabels().ToArray());
        Assert.Equal(3, ((IFederatedDataset)data).ClassCount);
        Assert.Equal(["a", "b", "c"], _reads);
        var told = new LazyFederatedDataset(Element, Counts("a"), Read, new ClientCache(), () => [0, 0, 0, 7]);
        Assert.Equal(4, ((IFederatedDataset)told).ClassCount);
        Assert.Equal(["a", "b", "c"], _reads);
    }

    [Fact]
    public void ManyThreadsReadTheSameBits()
    {
        var data = new LazyFederatedDataset(
            Element, Counts([.. Enumerable.Range(0, 26).Select(i => $"{(char)('a' + i)}")]), id => Table(id[0] - 'a'), new ClientCache(60));
        Parallel.For(0, 2000, i => Assert.Equal(i % 26, data.GetClient(data.ClientIds[i % 26]).Label(0)));
    }

    [Fact]
    public void AClientThatIsNotWhatWasPromisedIsRefused() =>
        Assert.Throws<InvalidOperationException>(
            () => new LazyFederatedDataset(Element, new Dictionary<string, int> { ["a"] = 2 }, Read, new ClientCache()).GetClient("a").Examples);

    private LazyFederatedDataset Dataset(long capacity, params string[] ids) => new(Element, Counts(ids), Read, new ClientCache(capacity));

    private static ImmutableDictionary<string, int> Counts(params string[] ids) => ids.ToImmutableDictionary(id => id, _ => 1);

    private ExampleTable Read(string id)
    {
        _reads.Add(id);
        return Table(id[0] - 'a');
    }

    private static ExampleTable Table(int label) => new(new float[] { label, label + 1 }, new[] { label }, [2]);
}
