using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FedPure.Data.Federated;

/// <summary>Some clients of a dataset, in the order given.</summary>
internal sealed class ClientSubset : IFederatedDataset
{
    private readonly IFederatedDataset _source;
    private readonly FrozenSet<string> _ids;

    public ClientSubset(IFederatedDataset source, ImmutableArray<string> clientIds)
    {
        _source = source;
        ClientIds = clientIds;
        _ids = clientIds.ToFrozenSet(StringComparer.Ordinal);
        if (_ids.Count < clientIds.Length) throw new ArgumentException("A client is named twice.", nameof(clientIds));
        var known = source.ClientIds.ToHashSet(StringComparer.Ordinal);
        if (clientIds.FirstOrDefault(id => !known.Contains(id)) is { } unknown) throw new UnknownClientException(unknown, source.ClientIds);
    }

    public ImmutableArray<string> ClientIds { get; }

    public ElementSpec Element => _source.Element;

    public bool Has(string clientId) => _ids.Contains(clientId);

    public ClientDataset GetClient(string clientId) => Has(clientId) ? _source.GetClient(clientId) : throw new UnknownClientException(clientId, ClientIds);
}
