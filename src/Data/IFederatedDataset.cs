using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>Data that are federated by client: whose ids are known, and whose examples are asked for client by client.</summary>
public interface IFederatedDataset
{
    /// <summary>The ids, each once: in ordinal order, unless the dataset is a selection that keeps another one, such as a split.</summary>
    ImmutableArray<string> ClientIds { get; }

    /// <summary>What one example is.</summary>
    /// <exception cref="InvalidOperationException">The data have no clients to tell it from.</exception>
    ElementSpec Element => ClientIds is [var first, ..]
        ? ElementSpec.ForTable(GetClient(first).Examples)
        : throw new InvalidOperationException("A dataset without clients does not say what an example is.");

    /// <summary>Number of examples of all clients.</summary>
    long ExampleCount => ClientIds.Sum(id => (long)GetClient(id).Count);

    /// <summary>1 + the largest label; 0 without examples or labels. Where the source does not say, every client is read once.</summary>
    int ClassCount => CountLabels().Length;

    /// <summary>The examples of a client; data that are read on demand read them when they are first looked at.</summary>
    /// <exception cref="UnknownClientException">No client has that id.</exception>
    ClientDataset GetClient(string clientId);

    /// <summary>Whether a client has that id.</summary>
    bool Has(string clientId) => ClientIds.Contains(clientId);

    /// <summary>
    /// How often each label occurs, from 0 to the largest; empty for examples with targets. Where the source does not say, every client is read once.
    /// </summary>
    ImmutableArray<long> CountLabels()
    {
        var counts = new LabelCounts();
        foreach (string id in ClientIds) counts.Add(GetClient(id));
        return counts.ToImmutable();
    }
}
