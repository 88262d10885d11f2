using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>
/// An example of text as a file has it: its fields, such as the one text of LEAF's Shakespeare or the id, date, query, user and text of Sent140, and its label.
/// Making numbers of them (tokens, a vocabulary) is up to the caller.
/// </summary>
public sealed record TextExample(ImmutableArray<string> Fields, string Label);

/// <summary>Federated data of text, read client by client.</summary>
public sealed class TextDataset
{
    private readonly Dictionary<string, int> _counts;
    private readonly Func<string, ImmutableArray<TextExample>> _read;

    /// <summary>Clients by id, each with the number of its examples.</summary>
    /// <param name="counts">Number of examples of each client.</param>
    /// <param name="read">Reads a client.</param>
    public TextDataset(IReadOnlyDictionary<string, int> counts, Func<string, ImmutableArray<TextExample>> read)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(read);
        _counts = new Dictionary<string, int>(counts, StringComparer.Ordinal);
        _read = read;
        ClientIds = [.. _counts.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The ids in ordinal order.</summary>
    public ImmutableArray<string> ClientIds { get; }

    /// <summary>What one example is.</summary>
    public ElementSpec Element { get; } = new([new ElementField("label", ElementType.String, []), new ElementField("x", ElementType.String, [])]);

    /// <summary>Number of a client's examples.</summary>
    /// <exception cref="UnknownClientException">No client has that id.</exception>
    public int CountOf(string clientId) => _counts.TryGetValue(clientId, out int count) ? count : throw new UnknownClientException(clientId, ClientIds);

    /// <summary>Reads a client's examples.</summary>
    /// <exception cref="UnknownClientException">No client has that id.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public ImmutableArray<TextExample> GetClient(string clientId) =>
        _counts.ContainsKey(clientId) ? _read(clientId) : throw new UnknownClientException(clientId, ClientIds);
}
