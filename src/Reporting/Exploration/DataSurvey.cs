using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Partitioning;
using FedPure.Reporting.Pictures;

namespace FedPure.Reporting.Exploration;

/// <summary>A look at the data of every client, each read once; what the pictures of this folder show.</summary>
public sealed class DataSurvey
{
    /// <summary>The most examples that are shown.</summary>
    internal const int ShownExamples = 40;

    /// <summary>The most clients whose mean images are looked at: the first ones.</summary>
    public const int ClientsWithMeanImages = 5;

    private DataSurvey(int classCount, ImageShape? image, ImmutableArray<ClientSurvey> clients, ImmutableArray<ShownExample> examples, string sha256) =>
        (ClassCount, Image, Clients, Examples, Sha256) = (classCount, image, clients, examples, sha256);

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>What an example looks like; null for data that are no images.</summary>
    public ImageShape? Image { get; }

    /// <summary>The clients in the dataset's order.</summary>
    public ImmutableArray<ClientSurvey> Clients { get; }

    /// <summary>The first examples of the first client; empty for data that are no images.</summary>
    public ImmutableArray<ShownExample> Examples { get; }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal of all that was read: of each client the byte length of its id and its number of examples (int32), its id in UTF-8,
    /// and of each example its label (int32) and its features (float32), all little-endian. Equal data have equal hashes, wherever they were read from.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Looks at every client.</summary>
    /// <param name="data">At least one client.</param>
    /// <param name="classCount">At least 1 + the largest label.</param>
    /// <param name="cancellationToken">Looked at before each client.</param>
    /// <exception cref="ArgumentException">There is no client, or examples have targets instead of labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is not below the number of classes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DataSurvey Of(IFederatedDataset data, int classCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (classCount < data.ClassCount)
            throw new ArgumentOutOfRangeException(
                nameof(classCount), classCount, $"The data have labels up to {data.ClassCount - 1}: the number of classes is at least {data.ClassCount}.");
        if (data.ClientIds.IsEmpty) throw new ArgumentException("There is no client to look at.", nameof(data));
        var image = ImageShape.Of(data.Element.Shape);
        var clients = ImmutableArray.CreateBuilder<ClientSurvey>(data.ClientIds.Length);
        ImmutableArray<ShownExample> examples = [];
        using var hash = new DataHash();
        foreach (string id in data.ClientIds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var client = data.GetClient(id).InMemory();
            if (client.Examples.TargetCount > 0)
            {
                throw new ArgumentException(
                    $"The examples of client '{id}' have float targets, but a survey counts class labels; make classes of the targets to look at them.",
                    nameof(data));
            }

            hash.Add(client);
            var counts = new int[classCount];
            for (int i = 0; i < client.Count; i++) counts[client.Label(i)]++;
            var survey = new ClientSurvey(id, [.. counts]);
            if (image is not null && clients.Count == 0)
                examples =
                    [.. Enumerable.Range(0, Math.Min(ShownExamples, client.Count)).Select(i => new ShownExample([.. client.Features(i)], client.Label(i)))];
            clients.Add(image is not null && clients.Count < ClientsWithMeanImages ? survey with { MeanImages = MeanImages(client, counts) } : survey);
        }

        return new DataSurvey(classCount, image, WithDivergence(clients.MoveToImmutable(), classCount), examples, hash.Complete());
    }

    private static ImmutableArray<ImmutableArray<float>> MeanImages(ClientDataset client, int[] counts)
    {
        var sums = counts.Select(count => count == 0 ? [] : new double[client.FeatureCount]).ToArray();
        for (int i = 0; i < client.Count; i++)
        {
            var features = client.Features(i);
            double[] sum = sums[client.Label(i)];
            for (int j = 0; j < sum.Length; j++) sum[j] += features[j];
        }

        return [.. sums.Zip(counts, (sum, count) => sum.Select(value => (float)(value / count)).ToImmutableArray())];
    }

    private static ImmutableArray<ClientSurvey> WithDivergence(ImmutableArray<ClientSurvey> clients, int classCount)
    {
        long total = clients.Sum(client => (long)client.ExampleCount);
        if (total == 0) return clients;
        double[] global = [.. Enumerable.Range(0, classCount).Select(label => clients.Sum(client => (double)client.LabelCounts[label]) / total)];
        return [.. clients.Select(client => client.ExampleCount == 0 ? client : client with { Divergence = DivergenceOf(client) })];

        double DivergenceOf(ClientSurvey client) => SkewStatistics.JensenShannonDivergence([.. client.LabelShares], global);
    }
}
