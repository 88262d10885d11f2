using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>A federated dataset in memory: clients as views of rows of one table. Beside id and rows a client costs 32 bytes.</summary>
public sealed class FederatedDataset : IFederatedDataset
{
    private readonly SortedClients<RowSet> _rows;

    /// <summary>Clients by id, each with its rows of <paramref name="examples"/>.</summary>
    /// <param name="examples">The table that all clients share.</param>
    /// <param name="clients">Each client's rows.</param>
    /// <param name="element">What one example is called; null for x and label, or x and y in a table of targets.</param>
    /// <exception cref="ArgumentException">A row lies outside the table, two clients have the same id, or the element has another shape.</exception>
    public FederatedDataset(ExampleTable examples, IEnumerable<KeyValuePair<string, RowSet>> clients, ElementSpec? element = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(clients);
        _rows = new SortedClients<RowSet>(clients);
        for (int i = 0; i < ClientIds.Length; i++)
        {
            if (_rows.Values[i].FirstOutside(examples.Count) is { } outside)
                throw new ArgumentException($"Client '{ClientIds[i]}' has row {outside}, but the table has {examples.Count} rows.", nameof(clients));
            ExampleCount += _rows.Values[i].Count;
        }

        Element = element ?? ElementSpec.ForTable(examples);
        if (!Element.Shape.SequenceEqual(examples.Shape))
            throw new ArgumentException($"The table's examples have the shape {string.Join('×', examples.Shape)}, which {Element} has not.", nameof(element));
        Examples = examples;
    }

    /// <summary>The table that all clients share.</summary>
    public ExampleTable Examples { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> ClientIds => _rows.Ids;

    /// <inheritdoc/>
    public ElementSpec Element { get; }

    /// <inheritdoc/>
    public long ExampleCount { get; }

    /// <summary>1 + the largest label of the table.</summary>
    public int ClassCount => Examples.ClassCount;

    /// <inheritdoc/>
    public ClientDataset GetClient(string clientId) => new(clientId, Examples, _rows[clientId]);

    /// <inheritdoc/>
    public bool Has(string clientId) => _rows.IndexOf(clientId) >= 0;
}
