using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>
/// A federated dataset whose clients are read from their source when they are looked at, and kept in a cache of bounded size: memory follows the cache and the
/// ids, of which each takes 12 bytes beside itself, not the examples.
/// </summary>
public sealed class LazyFederatedDataset : IFederatedDataset
{
    private readonly SortedClients<int> _counts;
    private readonly Func<string, ExampleTable> _read;
    private readonly ClientCache _cache;
    private readonly Lazy<ImmutableArray<long>> _labelCounts;

    /// <summary>Clients by id, each with the number of its examples.</summary>
    /// <param name="element">What one example is.</param>
    /// <param name="counts">Number of examples of each client.</param>
    /// <param name="read">Reads a client; called by any thread, by several at once.</param>
    /// <param name="cache">Keeps what was read; several datasets may share one.</param>
    /// <param name="countLabels">How often each label occurs, asked once; null to read every client for it.</param>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public LazyFederatedDataset(
        ElementSpec element, IEnumerable<KeyValuePair<string, int>> counts, Func<string, ExampleTable> read, ClientCache cache,
        Func<ImmutableArray<long>>? countLabels = null)
        : this(element, new SortedClients<int>(counts), read, cache, countLabels)
    {
    }

    internal LazyFederatedDataset(
        ElementSpec element, SortedClients<int> counts, Func<string, ExampleTable> read, ClientCache cache, Func<ImmutableArray<long>>? countLabels)
    {
        ArgumentNullException.ThrowIfNull(element);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(cache);
        (_counts, Element, _read, _cache) = (counts, element, read, cache);
        _labelCounts = new Lazy<ImmutableArray<long>>(countLabels ?? CountByReading);
        foreach (int count in _counts.Values) ExampleCount += count;
    }

    /// <inheritdoc/>
    public ImmutableArray<string> ClientIds => _counts.Ids;

    /// <inheritdoc/>
    public ElementSpec Element { get; }

    /// <inheritdoc/>
    public long ExampleCount { get; }

    /// <inheritdoc/>
    public ClientDataset GetClient(string clientId)
    {
        int count = _counts[clientId];
        return new ClientDataset(
            clientId, count, Element.FeatureCount, () => _cache.GetOrRead(this, clientId, () => Read(clientId, count)), Element.TargetCount);
    }

    /// <inheritdoc/>
    public bool Has(string clientId) => _counts.IndexOf(clientId) >= 0;

    /// <inheritdoc/>
    public ImmutableArray<long> CountLabels() => _labelCounts.Value;

    private ExampleTable Read(string clientId, int count)
    {
        var examples = _read(clientId);
        if (examples.TargetCount != Element.TargetCount)
            throw new InvalidOperationException(
                $"Client '{clientId}' was read with {examples.TargetCount} targets an example, but {Element} has {Element.TargetCount}.");
        return examples.Count == count && examples.FeatureCount == Element.FeatureCount
            ? examples
            : throw new InvalidOperationException(
                $"Client '{clientId}' was read as {examples.Count} examples of {examples.FeatureCount} features, but has {count} of {Element.FeatureCount}.");
    }

    // Past the cache: a pass over everything would only push out what is used.
    private ImmutableArray<long> CountByReading()
    {
        var counts = new LabelCounts();
        foreach (string id in ClientIds) counts.Add(_read(id).Labels.Span);
        return counts.ToImmutable();
    }
}
