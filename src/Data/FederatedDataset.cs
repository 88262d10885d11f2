using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FedPure.Data;

/// <summary>A federated dataset in memory: clients as views of rows of one table. Beside ids and rows a client costs 40 bytes.</summary>
public sealed class FederatedDataset : IFederatedDataset
{
    private readonly RowSet[] _rows;

    /// <summary>Clients by id, each with its rows of <paramref name="examples"/>.</summary>
    /// <param name="examples">The table that all clients share.</param>
    /// <param name="clients">Each client's rows.</param>
    /// <param name="element">What one example is called; null for x and label, or x and y in a table of targets.</param>
    /// <exception cref="ArgumentException">A row lies outside the table, two clients have the same id, or the element has another shape.</exception>
    public FederatedDataset(ExampleTable examples, IEnumerable<KeyValuePair<string, RowSet>> clients, ElementSpec? element = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(clients);
        var ids = new List<string>();
        var rows = new List<RowSet>();
        foreach (var (id, mine) in clients)
        {
            if (mine.FirstOutside(examples.Count) is { } outside)
                throw new ArgumentException($"Client '{id}' has row {outside}, but the table has {examples.Count} rows.", nameof(clients));
            ids.Add(id);
            rows.Add(mine);
        }

        string[] sorted = [.. ids];
        _rows = [.. rows];
        Array.Sort(sorted, _rows, StringComparer.Ordinal);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) throw new ArgumentException($"The client '{sorted[i]}' is given twice.", nameof(clients));
        }

        Element = element ?? ElementSpec.ForTable(examples);
        if (!Element.Shape.SequenceEqual(examples.Shape))
            throw new ArgumentException($"The table's examples have the shape {string.Join('×', examples.Shape)}, which {Element} has not.", nameof(element));
        Examples = examples;
        ExampleCount = _rows.Sum(rows => (long)rows.Count);
        ClientIds = ImmutableCollectionsMarshal.AsImmutableArray(sorted);
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
        int index = ClientIds.BinarySearch(clientId, StringComparer.Ordinal);
        return index >= 0 ? new ClientDataset(clientId, Examples, _rows[index]) : throw new UnknownClientException(clientId, ClientIds);
    }

    /// <inheritdoc/>
    public bool Has(string clientId) => ClientIds.BinarySearch(clientId, StringComparer.Ordinal) >= 0;
}
