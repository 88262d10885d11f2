using System.Collections.Immutable;
using FedPure.Data.Federated;
using FedPure.Data.Random;

namespace FedPure.Data;

/// <summary>
/// Datasets made of others. Everything is lazy: clients are read when they are asked for. Seeds and orders are those of TensorFlow Federated's ClientData,
/// whose legacy NumPy shuffles give the same clients.
/// </summary>
public static class FederatedDatasetExtensions
{
    // TensorFlow Federated gives up when so many clients without examples have been met.
    private const int EmptyClientsPerTestClient = 5, MoreEmptyClients = 10;

    /// <summary>
    /// The examples of one client; the same as <see cref="IFederatedDataset.GetClient"/>, under the name that TensorFlow Federated has for it.
    /// </summary>
    /// <exception cref="UnknownClientException">No client has that id.</exception>
    public static ClientDataset CreateDatasetForClient(this IFederatedDataset data, string clientId) => Checked(data).GetClient(clientId);

    /// <summary>The examples of all clients one after the other, each client through its own pipeline, in the order of <see cref="Clients"/>.</summary>
    /// <exception cref="InvalidOperationException">A client is batched already, or clients differ in their features.</exception>
    public static ClientDataset CreateDatasetFromAllClients(this IFederatedDataset data, NumpySeed seed) =>
        JoinedClients.Join([.. Checked(data).Clients(seed)]);

    /// <summary>
    /// The clients in an order that NumPy's RandomState(seed).shuffle gives their ids (TensorFlow Federated's <c>datasets</c>), read one by one as they are
    /// enumerated.
    /// </summary>
    /// <param name="data">The dataset.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="limit">Clients at most; null for all.</param>
    public static IEnumerable<ClientDataset> Clients(this IFederatedDataset data, NumpySeed seed, int? limit = null)
    {
        if (limit is { } most) ArgumentOutOfRangeException.ThrowIfNegative(most, nameof(limit));
        return Shuffled(Checked(data), seed).Take(limit ?? int.MaxValue).Select(data.GetClient);
    }

    /// <summary>
    /// Splits by clients as TensorFlow Federated's <c>train_test_client_split</c>: the shuffled ids are taken from the end; those with examples are test
    /// clients until there are enough, those without join the train clients, after the rest. Both parts keep that order.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of test clients is not positive, or not smaller than that of all clients.</exception>
    /// <exception cref="InvalidOperationException">Too many clients have no examples.</exception>
    public static (IFederatedDataset Train, IFederatedDataset Test) TrainTestClientSplit(this IFederatedDataset data, int testClients, NumpySeed seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(testClients);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(testClients, Checked(data).ClientIds.Length, nameof(testClients));
        List<string> left = [.. Shuffled(data, seed)], test = [], empty = [];
        while (test.Count < testClients)
        {
            if (left.Count == 0 || empty.Count > EmptyClientsPerTestClient * testClients + MoreEmptyClients)
                throw new InvalidOperationException(
                    $"{empty.Count} clients have no examples, so that only {test.Count} of {testClients} test clients could be found.");
            string id = left[^1];
            left.RemoveAt(left.Count - 1);
            (data.GetClient(id).Count > 0 ? test : empty).Add(id);
        }

        return (data.Subset([.. left, .. empty]), data.Subset([.. test]));
    }

    /// <summary>The clients named, in that order.</summary>
    /// <exception cref="UnknownClientException">No client has one of the ids.</exception>
    /// <exception cref="ArgumentException">A client is named twice.</exception>
    public static IFederatedDataset Subset(this IFederatedDataset data, ImmutableArray<string> clientIds) => new ClientSubset(Checked(data), clientIds);

    /// <summary>The clients whose ids a predicate accepts.</summary>
    public static IFederatedDataset FilterClients(this IFederatedDataset data, Func<string, bool> keep) =>
        new ClientSubset(Checked(data), [.. data.ClientIds.Where(keep)]);

    /// <summary>Every client read through a pipeline.</summary>
    public static IFederatedDataset Preprocess(this IFederatedDataset data, InputPipeline pipeline) => data.MapClients(client => client.Preprocess(pipeline));

    /// <summary>Every client changed by a pure function when it is asked for; its id stays.</summary>
    public static IFederatedDataset MapClients(this IFederatedDataset data, Func<ClientDataset, ClientDataset> preprocess)
    {
        ArgumentNullException.ThrowIfNull(preprocess);
        return new PreprocessedDataset(Checked(data), preprocess);
    }

    /// <summary>
    /// Clients a_0, a_1, ..., a_(copies - 1) in place of each client a, made by a pure function of the client and the number (TensorFlow Federated's
    /// TransformingClientData).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of copies is not positive.</exception>
    public static IFederatedDataset ExpandClients(this IFederatedDataset data, int copies, Func<ClientDataset, int, ClientDataset> transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copies);
        return new ExpandedDataset(Checked(data), copies, transform);
    }

    /// <summary>The clients of both datasets.</summary>
    /// <exception cref="ArgumentException">Both have a client of the same id.</exception>
    public static IFederatedDataset Concat(this IFederatedDataset data, IFederatedDataset other) => new ConcatenatedDataset([Checked(data), Checked(other)]);

    private static IFederatedDataset Checked(IFederatedDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data;
    }

    private static string[] Shuffled(IFederatedDataset data, NumpySeed seed)
    {
        string[] ids = [.. data.ClientIds];
        seed.CreateState().Shuffle<string>(ids);
        return ids;
    }
}
