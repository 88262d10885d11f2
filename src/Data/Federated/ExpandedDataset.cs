using System.Collections.Immutable;
using System.Globalization;

namespace FedPure.Data.Federated;

/// <summary>
/// Several clients made of each, as TensorFlow Federated's TransformingClientData: client a becomes a_0, a_1, ..., each a's examples changed by a function of
/// the number.
/// </summary>
internal sealed class ExpandedDataset : IFederatedDataset
{
    private readonly IFederatedDataset _source;
    private readonly int _copies;
    private readonly Func<ClientDataset, int, ClientDataset> _transform;

    public ExpandedDataset(IFederatedDataset source, int copies, Func<ClientDataset, int, ClientDataset> transform)
    {
        (_source, _copies, _transform) = (source, copies, transform);
        string[] ids =
            [.. source.ClientIds.SelectMany(id => Enumerable.Range(0, copies).Select(copy => string.Create(CultureInfo.InvariantCulture, $"{id}_{copy}")))];
        Array.Sort(ids, StringComparer.Ordinal);
        ClientIds = [.. ids];
    }

    public ImmutableArray<string> ClientIds { get; }

    public ElementSpec Element => ClientIds is [var first, ..] ? _source.Element.WithShape(GetClient(first).Examples.Shape) : _source.Element;

    public bool Has(string clientId) => Split(clientId) is { } split && _source.Has(split.Id);

    public ClientDataset GetClient(string clientId) => Split(clientId) is { } split && _source.Has(split.Id)
        ? _transform(_source.GetClient(split.Id), split.Copy) with { ClientId = clientId }
        : throw new UnknownClientException(clientId, ClientIds);

    // The number is written in one way only: a_01 is no client.
    private (string Id, int Copy)? Split(string clientId)
    {
        int underscore = clientId.LastIndexOf('_');
        return underscore >= 0 && int.TryParse(clientId.AsSpan(underscore + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int copy) && copy < _copies
            && clientId.Length - underscore - 1 == copy.ToString(CultureInfo.InvariantCulture).Length
            ? (clientId[..underscore], copy)
            : null;
    }
}
