using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using FedPure.Data;
using FedPure.Data.Readers;

namespace FedPure.Digits;

/// <summary>
/// One hundred clients of real MNIST digits (LeCun, Cortes, Burges; CC BY-SA 3.0, see NOTICE.md), embedded in this assembly: 9,851 train and 1,251 test examples
/// of 28×28 pixels, 40 to 200 train examples a client, each client with a label mix of its own. Pixels are 1 - u8/255: background 1, ink towards 0.
/// </summary>
public static class DigitsDataset
{
    /// <summary>The clients in the splits train and test.</summary>
    public static FederatedSplits Load()
    {
        var clients = ReadClients();
        return new FederatedSplits(
        [
            new(FederatedSplits.TrainName, ReadSplit("train", clients.ToDictionary(client => client.Id, client => Rows(client.Train)))),
            new(FederatedSplits.TestName, ReadSplit("test", clients.ToDictionary(client => client.Id, client => Rows(client.Test)))),
        ]);
    }

    private static FederatedDataset ReadSplit(string split, Dictionary<string, RowSet> clients)
    {
        string images = $"digits-{split}-images-idx3-ubyte.gz", labels = $"digits-{split}-labels-idx1-ubyte.gz";
        var examples = IdxImages.Join(IdxReader.Read(Resource(images), images), images, IdxReader.Read(Resource(labels), labels), labels);
        return new FederatedDataset(examples, clients, ElementSpec.ForExamples(examples.Shape, "pixels"));
    }

    private static ImmutableArray<DigitsClient> ReadClients()
    {
        using var stream = Resource("digits-clients.json");
        return JsonSerializer.Deserialize(stream, DigitsJson.Default.DigitsClients)!.Clients;
    }

    private static RowSet Rows(ImmutableArray<int> range) => new(range[0], range[1]);

    private static Stream Resource(string name) => typeof(DigitsDataset).Assembly.GetManifestResourceStream(name)!;
}

internal sealed record DigitsClients(ImmutableArray<DigitsClient> Clients);

/// <summary>A client's ranges, each [start, count] in the IDX files.</summary>
internal sealed record DigitsClient(string Id, ImmutableArray<int> Train, ImmutableArray<int> Test);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DigitsClients))]
internal sealed partial class DigitsJson : JsonSerializerContext;
