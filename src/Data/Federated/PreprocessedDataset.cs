using System.Collections.Immutable;

namespace FedPure.Data.Federated;

/// <summary>Every client changed by a function when it is asked for; it keeps its id.</summary>
internal sealed class PreprocessedDataset(IFederatedDataset source, Func<ClientDataset, ClientDataset> preprocess) : IFederatedDataset
{
    public ImmutableArray<string> ClientIds => source.ClientIds;

    public ElementSpec Element => ClientIds is [var first, ..] ? source.Element.WithShape(GetClient(first).Examples.Shape) : source.Element;

    public bool Has(string clientId) => source.Has(clientId);

    public ClientDataset GetClient(string clientId) => preprocess(source.GetClient(clientId)) with { ClientId = clientId };
}
