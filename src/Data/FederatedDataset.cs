using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>A federated dataset in memory: clients as views of rows of one table.</summary>
public sealed class FederatedDataset : IFederatedDataset
{
    private readonly Dictionary<string, RowSet> _rows;

    /// <summary>Clients by id, each with its rows of <paramref name="examples"/>.</summary>
    /// <param name="examples">The table that all clients share.</param>
    /// <param name="clients">Each client's rows.</param>
    /// <param name="element">What one example is called; null for x and label.</param>
    /// <exception cref="ArgumentException">A row lies outside the table, or the element has another shape.</exception>
    public FederatedDataset(ExampleTable examples, IReadOnlyDictionary<string, RowSet> clients, ElementSpec? element = null)
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

        Element = element ?? ElementSpec.ForExamples(examples.Shape);
        if (!Element.Shape.SequenceEqual(examples.Shape))
            throw new ArgumentException($"The table's examples have the shape {string.Join('×', examples.Shape)}, which {Element} has not.", nameof(element));
        Examples = examples;
        ExampleCount = _rows.Values.Sum(rows => (long)rows.Count);
        ClientIds = [.. _rows.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The table that all clients share.</summary>
    public ExampleTable Examples { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> ClientIds { get; }

    /// <inheritdoc/>
    public ElementSpec Element { get; }

    /// <inheritdoc/>
    public long ExampleCount { get; }

    /// <summary>1 + the largest label of the table.</summary>
    public int ClassCount => Examples.ClassCount;

    /// <inheritdoc/>
    public ClientDataset GetClient(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return _rows.TryGetValue(clientId, out var rows) ? new ClientDataset(clientId, Examples, rows) : throw new UnknownClientException(clientId, ClientIds);
    }
}
