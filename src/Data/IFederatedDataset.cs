using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>Data that are federated by client: whose ids are known, and whose examples are asked for client by client.</summary>
public interface IFederatedDataset
{
    /// <summary>The ids, each once: in ordinal order, unless the dataset is a selection that keeps another one, such as a split.</summary>
    ImmutableArray<string> ClientIds { get; }

    /// <summary>The examples of a client.</summary>
    /// <exception cref="UnknownClientException">No client has that id.</exception>
    ClientDataset GetClient(string clientId);

    /// <summary>Whether a client has that id.</summary>
    bool Has(string clientId) => ClientIds.Contains(clientId);
}
