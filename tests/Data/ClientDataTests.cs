using System.Globalization;
using System.Text.Json.Nodes;
using FedPure.Data.Random;
using FedPure.TestData;

namespace FedPure.Data;

/// <summary>
/// Splits, orders and transforms recorded from TensorFlow Federated 0.87.0. Left out of the file: the order of ids of TestClientData, which is that of a Python
/// dictionary where ours is ordinal; mixtures, which draw with tf.random.Generator; and the synthetic data sets, which are not about clients.
/// </summary>
public class ClientDataTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("sampling/client_data.json");

    // Seeds of -1 and 2^32, two InvalidRandomSeedErrors there, cannot be written here: a seed is made of uint.
    public static TheoryData<int> Splits =>
    [
        .. Enumerable.Range(0, Golden["train_test_client_split"]!.AsArray().Count)
            .Where(
                i => (string?)Golden["train_test_client_split"]![i]!["error"] is not { } error
                    || !error.StartsWith("InvalidRandomSeedError", StringComparison.Ordinal)),
    ];

    public static TheoryData<int> Orders => [.. Enumerable.Range(0, Golden["datasets_order"]!.AsArray().Count)];

    [Theory, MemberData(nameof(Splits))]
    public void SplitsByClientsAreThoseOfTensorFlowFederated(int index)
    {
        var golden = Golden["train_test_client_split"]![index]!;
        var data = Data((int)golden["clients"]!, client => (bool)golden["odd_clients_empty"]! && client % 2 == 1 ? 0 : 2);
        if (golden["error"] is not null)
        {
            Assert.True(Record.Exception(() => Split()) is ArgumentOutOfRangeException or InvalidOperationException);
            return;
        }

        var (train, test) = Split();
        Assert.Equal(Texts(golden["train"]!), train.ClientIds.ToArray());
        Assert.Equal(Texts(golden["test"]!), test.ClientIds.ToArray());
        Assert.Throws<UnknownClientException>(() => train.GetClient(test.ClientIds[0]));

        (IFederatedDataset, IFederatedDataset) Split() => data.TrainTestClientSplit((int)golden["num_test"]!, Seed(golden["seed"]!));
    }

    [Theory, MemberData(nameof(Orders))]
    public void OrdersOfClientsAreThoseOfTensorFlowFederated(int index)
    {
        var golden = Golden["datasets_order"]![index]!;
        var data = Data((int)golden["clients"]!, _ => 2);
        Assert.Equal(Texts(golden["client_ids"]!), data.ClientIds.ToArray());
        Assert.Equal(
            Numbers(golden["datasets_client_order"]!), data.Clients(Seed(golden["seed"]!), (int?)golden["limit_count"]).Select(client => client.Label(0)));

        var all = data.CreateDatasetFromAllClients(Seed(golden["seed"]!));
        Assert.Equal(Numbers(golden["all_clients_element_client"]!), Enumerable.Range(0, all.Count).Select(all.Label));
        Assert.Same(data.GetClient("c00").Examples, all.Examples);
    }

    [Fact]
    public void PreprocessedClientsAreThoseOfTensorFlowFederated()
    {
        // Client b has 1 and 2, a has 3, c has 4, 5 and 6: doubled, the first of each.
        var table = new ExampleTable(new float[] { 1, 2, 3, 4, 5, 6 }, new int[6], [1]);
        var data = new FederatedDataset(table, [new("b", new(0, 2)), new("a", new(2, 1)), new("c", new(3, 3))]).Subset(["b", "a", "c"]);
        var firsts = data.Preprocess(InputPipeline.Examples.Map((Span<float> features, ref int _) => features[0] *= 2).Take(1));
        foreach (var (id, values) in Golden["preprocess_double_take1"]!.AsObject())
            Assert.Equal(values!.AsArray().Select(value => (float)value!), Features(firsts.CreateDatasetForClient(id)));
        Assert.Equal(Golden["preprocess_all_clients_seed0"]!.AsArray().Select(value => (float)value!), Features(firsts.CreateDatasetFromAllClients(seed: 0)));

        static float[] Features(ClientDataset client)
        {
            var reader = new BatchReader();
            reader.Begin(client.Preprocess(client.Pipeline.Batch(9)));
            return reader.Read(out var batch) ? batch.Features.ToArray() : [];
        }
    }

    [Fact]
    public void ExpandedIdsAreThoseOfTensorFlowFederated()
    {
        var expanded = Named("a", "b", "c").ExpandClients(2, (client, copy) => client.Preprocess(InputPipeline.Examples.Take(copy)));
        Assert.Equal(Texts(Golden["transforming_ids"]!), expanded.ClientIds.ToArray());
        Assert.Equal(("b_1", 1), (expanded.GetClient("b_1").ClientId, expanded.GetClient("b_1").Pipeline.Order(2).Length));
        foreach (string unknown in (string[])["b", "b_2", "b_01", "b_", "d_0", "_0", "b_-1"])
        {
            Assert.False(expanded.Has(unknown));
            Assert.Throws<UnknownClientException>(() => expanded.GetClient(unknown));
        }
    }

    [Fact]
    public void ADatasetOfOneLabelIsAFilter()
    {
        var golden = Golden["build_single_label_dataset"]!;
        Assert.Equal("i%3 for i in 0..11", (string)golden["labels"]!);
        var client = new ClientDataset("c", new ExampleTable(new float[12], Enumerable.Range(0, 12).Select(i => i % 3).ToArray(), [1]), new RowSet(0, 12));
        Assert.Equal(Numbers(golden["result"]!), InputPipeline.Examples.Filter((_, label) => label == (int)golden["desired"]!).Order(client));
    }

    [Fact]
    public void AnUnknownClientIsAnError()
    {
        Assert.StartsWith("KeyError", (string)Golden["unknown_client"]!, StringComparison.Ordinal);
        Assert.Throws<UnknownClientException>(() => Named("a").CreateDatasetForClient("zzz"));
    }

    [Fact]
    public void ClientsAreReadOnlyWhenAskedFor()
    {
        var read = new List<string>();
        var data = Data(6, _ => 2).MapClients(client =>
        {
            read.Add(client.ClientId);
            return client;
        });
        Assert.Empty(read);
        _ = data.Clients(seed: 0).Take(2).ToList();
        Assert.Equal(["c05", "c02"], read);
    }

    [Fact]
    public void WhatAnExampleIsCalledStaysWhateverIsMadeOfTheDataset()
    {
        var table = new ExampleTable(new float[8], new int[2], [2, 2]);
        IFederatedDataset data = new FederatedDataset(table, [new("a", new(0, 1)), new("b", new(1, 1))], ElementSpec.ForExamples([2, 2], "pixels"));
        const string Element = "<label=int32,pixels=float32[2,2]>";
        foreach (
            var made in (IFederatedDataset[])[data.Subset(["b"]), data.FilterClients(id => id == "z"), data.Preprocess(InputPipeline.Examples.Take(1)), data.ExpandClients(2, (client, _) => client), data.FilterClients(id => id == "z").Concat(data)])
            Assert.Equal(Element, made.Element.ToString());
        var flat = data.MapClients(client => new ClientDataset(client.ClientId, new ExampleTable(new float[4], new int[1], [4]), new RowSet(0, 1)));
        Assert.Equal("<label=int32,pixels=float32[4]>", flat.Element.ToString());
    }

    [Fact]
    public void DatasetsAreJoinedFilteredAndCut()
    {
        var both = Named("b", "d").Concat(Named("c", "a"));
        Assert.Equal(["a", "b", "c", "d"], both.ClientIds.ToArray());
        Assert.Equal("c", both.GetClient("c").ClientId);
        Assert.Equal(["a", "d"], both.FilterClients(id => id is "d" or "a").ClientIds.ToArray());
        Assert.Equal(["d", "a"], both.Subset(["d", "a"]).ClientIds.ToArray());
        Assert.Equal(8, both.CreateDatasetFromAllClients(seed: 1).Count);
        Assert.Throws<ArgumentException>(() => both.Concat(Named("b")));
        Assert.Throws<ArgumentException>(() => both.Subset(["a", "a"]));
        Assert.Throws<UnknownClientException>(() => both.Subset(["e"]));
        Assert.Throws<InvalidOperationException>(() => both.Preprocess(InputPipeline.Examples.Batch(1)).CreateDatasetFromAllClients(seed: 1));
    }

    private static FederatedDataset Named(params string[] ids) =>
        new(new ExampleTable(new float[2], new int[2], [1]), ids.Select(id => KeyValuePair.Create(id, new RowSet(0, 2))));

    // Clients c00, c01, ... whose examples are labelled with the client's number.
    private static FederatedDataset Data(int clients, Func<int, int> size)
    {
        int[] labels = [.. Enumerable.Range(0, clients).SelectMany(client => Enumerable.Repeat(client, size(client)))];
        int start = 0;
        var rows = new Dictionary<string, RowSet>();
        for (int client = 0; client < clients; start += size(client++))
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"c{client:D2}"), new RowSet(start, size(client)));
        return new FederatedDataset(new ExampleTable(new float[labels.Length], labels, [1]), rows);
    }

    private static NumpySeed Seed(JsonNode seed) => seed is JsonArray list ? list.Select(number => (uint)number!).ToArray() : (uint)seed;

    private static string[] Texts(JsonNode node) => [.. node.AsArray().Select(text => (string)text!)];

    private static int[] Numbers(JsonNode node) => [.. node.AsArray().Select(number => (int)number!)];
}
