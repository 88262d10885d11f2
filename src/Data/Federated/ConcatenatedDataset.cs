using System.Collections.Immutable;

namespace FedPure.Data.Federated;

/// <summary>The clients of several datasets, whose ids differ.</summary>
internal sealed class ConcatenatedDataset : IFederatedDataset
{
    private readonly ImmutableArray<IFederatedDataset> _parts;
    private readonly Dictionary<string, IFederatedDataset> _owners = new(StringComparer.Ordinal);

    public ConcatenatedDataset(ReadOnlySpan<IFederatedDataset> parts)
    {
        _parts = [.. parts];
        foreach (var part in _parts)
        {
            foreach (string id in part.ClientIds)
            {
                if (!_owners.TryAdd(id, part))
                    throw new ArgumentException($"Two of the datasets have a client '{id}'; expand or rename the clients of one.", nameof(parts));
            }
        }

        ClientIds = [.. _owners.Keys.Order(StringComparer.Ordinal)];
    }

    public ImmutableArray<string> ClientIds { get; }

    public ElementSpec Element => (_parts.FirstOrDefault(part => !part.ClientIds.IsEmpty) ?? _parts[0]).Element;

    public bool Has(string clientId) => _owners.ContainsKey(clientId);

    public ClientDataset GetClient(string clientId) =>
        _owners.TryGetValue(clientId, out var owner) ? owner.GetClient(clientId) : throw new UnknownClientException(clientId, ClientIds);
}
