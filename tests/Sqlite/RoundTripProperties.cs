using FedPure.Data;
using FedPure.TestData;
using FsCheck;
using FsCheck.Xunit;

namespace FedPure.Sqlite;

public sealed class RoundTripProperties : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property]
    public void TffKeepsEveryBit(NonNull<string>[] ids, float[] values)
    {
        var clients = AnyClients.From(ids, values);
        string path = _folder.File("data.sqlite");
        TffWriter.Write(path, new FederatedSplits([new("any", new LazyFederatedDataset(
            ElementSpec.ForExamples([AnyClients.FeatureCount]),
            clients.ToDictionary(client => client.Key, client => client.Value.Labels.Length, StringComparer.Ordinal),
            id => new ExampleTable(clients[id].Features, clients[id].Labels, [AnyClients.FeatureCount]),
            new ClientCache(0)))]));
        var read = TffFiles.Open(path, _folder.Options)["any"];
        Assert.Equal(clients.Keys, read.ClientIds);
        foreach (var (id, (features, labels)) in clients)
        {
            var examples = read.GetClient(id).Examples;
            Assert.Equal(labels, examples.Labels.ToArray());
            Assert.Equal(features.Select(BitConverter.SingleToInt32Bits), examples.Features.ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }
}
