using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Readers;

namespace FedPure.Digits;

/// <summary>
/// One hundred clients of real MNIST digits (LeCun, Cortes, Burges; CC BY-SA 3.0, see NOTICE.md), embedded in this assembly: 9,851 train and 1,251 test
/// examples of 28×28 pixels, 40 to 200 train examples a client, each client with a label mix of its own. Pixels are 1 - u8/255: background 1, ink towards 0.
/// </summary>
public static class DigitsDataset
{
    /// <summary>The clients in the splits train and test.</summary>
    public static FederatedSplits Load()
    {
        const string Clients = "digits-clients.json";
        using var stream = Resource(Clients);
        var clients = IdxClients.Read(stream, Clients);
        return new FederatedSplits(
        [
            new(FederatedSplits.TrainName, ReadSplit(FederatedSplits.TrainName, clients)),
            new(FederatedSplits.TestName, ReadSplit(FederatedSplits.TestName, clients)),
        ]);
    }

    private static FederatedDataset ReadSplit(string split, ImmutableDictionary<string, ImmutableDictionary<string, RowSet>> clients)
    {
        string images = $"digits-{split}-images-idx3-ubyte.gz", labels = $"digits-{split}-labels-idx1-ubyte.gz";
        var examples = IdxImages.Read(Resource(images), images, Resource(labels), labels);
        return new FederatedDataset(examples, clients[split], ElementSpec.ForExamples(examples.Shape, "pixels"));
    }

    private static Stream Resource(string name) => typeof(DigitsDataset).Assembly.GetManifestResourceStream(name)!;
}
