using System.Collections.Immutable;
using System.Globalization;
using FedPure.Data;
using FedPure.Data.Random;

namespace FedPure.Benchmarks.Data;

/// <summary>
/// Clients whose images, of 28×28 unless another shape is given, are drawn when they are looked at, so that any number of them takes no memory.
/// </summary>
internal static class GeneratedClients
{
    public static FederatedSplits Create(int clients, int examplesPerClient, ImmutableArray<int> shape = default)
    {
        var element = ElementSpec.ForExamples(shape.IsDefault ? [28, 28] : shape, "pixels");
        var counts = Enumerable.Range(0, clients).ToDictionary(
            client => client.ToString("'f'000000", CultureInfo.InvariantCulture), _ => examplesPerClient, StringComparer.Ordinal);
        return new FederatedSplits(
            [new(FederatedSplits.TrainName, new LazyFederatedDataset(element, counts, id => Draw(id, examplesPerClient, element), new ClientCache(0)))]);
    }

    private static ExampleTable Draw(string id, int count, ElementSpec element)
    {
        var stream = RandomKey.FromSeed(0).Fold(id).Stream();
        var (features, labels) = (new float[count * element.FeatureCount], new int[count]);
        for (int i = 0; i < features.Length; i++) features[i] = stream.NextSingle();
        for (int i = 0; i < count; i++) labels[i] = i % 10;
        return new ExampleTable(features, labels, element.Shape);
    }
}
