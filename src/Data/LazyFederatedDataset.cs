using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>
/// A federated dataset whose clients are read from their source when they are looked at, and kept in a cache of bounded size: memory follows the cache and the ids,
/// not the examples.
/// </summary>
public sealed class LazyFederatedDataset : IFederatedDataset
{
    private readonly Dictionary<string, int> _counts;
    private readonly Func<string, ExampleTable> _read;
    private readonly ClientCache _cache;
    private readonly Lazy<ImmutableArray<long>> _labelCounts;

    /// <summary>Clients by id, each with the number of its examples.</summary>
    /// <param name="element">What one example is.</param>
    /// <param name="counts">Number of examples of each client.</param>
    /// <param name="read">Reads a client; called by any thread, by several at once.</param>
    /// <param name="cache">Keeps what was read; several datasets may share one.</param>
    /// <param name="countLabels">How often each label occurs, asked once; null to read every client for it.</param>
    public LazyFederatedDataset(
        ElementSpec element, IReadOnlyDictionary<string, int> counts, Func<string, ExampleTable> read, ClientCache cache, Func<ImmutableArray<long>>? countLabels = null)
    {
        ArgumentNullException.ThrowIfNull(element);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(cache);
        _counts = new Dictionary<string, int>(counts, StringComparer.Ordinal);
        (Element, _read, _cache) = (element, read, cache);
        _labelCounts = new Lazy<ImmutableArray<long>>(countLabels ?? CountByReading);
        ClientIds = [.. _counts.Keys.Order(StringComparer.Ordinal)];
        ExampleCount = _counts.Values.Sum(count => (long)count);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> ClientIds { get; }

    /// <inheritdoc/>
    public ElementSpec Element { get; }

    /// <inheritdoc/>
    public long ExampleCount { get; }

    /// <inheritdoc/>
    public ClientDataset GetClient(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return _counts.TryGetValue(clientId, out int count)
            ? new ClientDataset(clientId, count, Element.FeatureCount, () => _cache.GetOrRead(this, clientId, () => Read(clientId, count)))
            : throw new UnknownClientException(clientId, ClientIds);
    }

    /// <inheritdoc/>
    public bool Has(string clientId) => _counts.ContainsKey(clientId);

    /// <inheritdoc/>
    public ImmutableArray<long> CountLabels() => _labelCounts.Value;

    private ExampleTable Read(string clientId, int count)
    {
        var examples = _read(clientId);
        return examples.Count == count && examples.FeatureCount == Element.FeatureCount
            ? examples
            : throw new InvalidOperationException($"Client '{clientId}' was read as {examples.Count} examples of {examples.FeatureCount} features, but has {count} of {Element.FeatureCount}.");
    }

    // Past the cache: a pass over everything would only push out what is used.
    private ImmutableArray<long> CountByReading()
    {
        var counts = new LabelCounts();
        foreach (string id in ClientIds) counts.Add(_read(id).Labels.Span);
        return counts.ToImmutable();
    }
}
