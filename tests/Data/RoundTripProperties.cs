using FedPure.Data.Readers.Leaf;
using FedPure.Data.Readers.Numpy;
using FedPure.Data.Writers;
using FedPure.TestData;
using FsCheck;
using FsCheck.Xunit;

namespace FedPure.Data;

public sealed class RoundTripProperties : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-round").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Property]
    public void LeafKeepsEveryBit(NonNull<string>[] ids, float[] values)
    {
        var clients = AnyClients.From(ids, values);
        string path = Path.Combine(_folder, "data.json");
        LeafWriter.WriteFile(path, Dataset(clients));
        AssertSame(clients, LeafFiles.Open(path).Train);
    }

    [Property]
    public void NpzKeepsEveryBit(NonNull<string>[] ids, float[] values)
    {
        var clients = AnyClients.From(ids, values);
        foreach (string empty in clients.Where(client => client.Value.Labels.Length == 0).Select(client => client.Key).ToList()) clients.Remove(empty);
        string path = Path.Combine(_folder, "data.npz");
        NpzWriter.Write(path, new FederatedSplits([new("train", Dataset(clients))]));
        AssertSame(clients, NumpyFiles.Read(path)[0].Clients!);
    }

    private static LazyFederatedDataset Dataset(SortedDictionary<string, (float[] Features, int[] Labels)> clients) => new(
        ElementSpec.ForExamples([AnyClients.FeatureCount]),
        clients.ToDictionary(client => client.Key, client => client.Value.Labels.Length, StringComparer.Ordinal),
        id => new ExampleTable(clients[id].Features, clients[id].Labels, [AnyClients.FeatureCount]),
        new ClientCache(0));

    private static void AssertSame(SortedDictionary<string, (float[] Features, int[] Labels)> expected, IFederatedDataset actual)
    {
        Assert.Equal(expected.Keys, actual.ClientIds);
        foreach (var (id, (features, labels)) in expected)
        {
            var client = actual.GetClient(id).InMemory();
            Assert.Equal(labels, Enumerable.Range(0, client.Count).Select(client.Label));
            for (int i = 0; i < client.Count; i++)
                Assert.Equal(
                    features[(i * AnyClients.FeatureCount)..((i + 1) * AnyClients.FeatureCount)].Select(BitConverter.SingleToInt32Bits),
                    client.Features(i).ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }
}
