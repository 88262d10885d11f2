using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>A federated dataset in memory: clients as views of rows of one table.</summary>
public sealed class FederatedDataset : IFederatedDataset
{
    private readonly Dictionary<string, RowSet> _rows;

    /// <summary>Clients by id, each with its rows of <paramref name="examples"/>.</summary>
    /// <exception cref="ArgumentException">A row lies outside the table.</exception>
    public FederatedDataset(ExampleTable examples, IReadOnlyDictionary<string, RowSet> clients)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(clients);
        _rows = new Dictionary<string, RowSet>(clients, StringComparer.Ordinal);
        foreach (var (id, rows) in _rows)
        {
            for (int i = 0; i < rows.Count; i++)
            {
                if ((uint)rows[i] >= (uint)examples.Count)
                    throw new ArgumentException($"Client '{id}' has row {rows[i]}, but the table has {examples.Count} rows.", nameof(clients));
            }
        }

        Examples = examples;
        ClientIds = [.. _rows.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The table that all clients share.</summary>
    public ExampleTable Examples { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> ClientIds { get; }

    /// <inheritdoc/>
    public ClientDataset GetClient(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return _rows.TryGetValue(clientId, out var rows) ? new ClientDataset(clientId, Examples, rows) : throw new UnknownClientException(clientId, ClientIds);
    }
}
