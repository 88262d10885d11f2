using System.Collections.Immutable;
using FedPure.Data;

namespace FedPure.Cli.Options;

/// <summary>Which clients take part, by their ids in the order of the cohort.</summary>
internal abstract record ClientSelection
{
    /// <summary>The tutorial's ten, or all where there are fewer.</summary>
    public static ClientSelection Default { get; } = new FirstClients(10, CappedAtAll: true);

    public static ClientSelection Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "all", "first:N", "ids:A,B");
        return spec.Name switch
        {
            "all" => new AllClients(),
            "first" => new FirstClients(spec.AtLeastOne(), CappedAtAll: false),
            _ => new NamedClients([.. spec.List()]) is var named && named.Ids.Distinct().Count() == named.Ids.Length
                ? named
                : throw spec.Error("it names a client twice; give each id once"),
        };
    }

    /// <exception cref="UsageException">The data have no such client, or not as many.</exception>
    public abstract ImmutableArray<string> Choose(IFederatedDataset data);
}

internal sealed record AllClients : ClientSelection
{
    public override ImmutableArray<string> Choose(IFederatedDataset data) => data.ClientIds;
}

internal sealed record FirstClients(int Count, bool CappedAtAll) : ClientSelection
{
    public override ImmutableArray<string> Choose(IFederatedDataset data) =>
        Count <= data.ClientIds.Length ? data.ClientIds[..Count]
        : CappedAtAll ? data.ClientIds
        : throw new UsageException($"--clients first:{Count} asks for more clients than the {data.ClientIds.Length} that there are; give a smaller number, or all.");
}

internal sealed record NamedClients(ImmutableArray<string> Ids) : ClientSelection
{
    public override ImmutableArray<string> Choose(IFederatedDataset data)
    {
        try
        {
            foreach (string id in Ids) data.GetClient(id);
            return Ids;
        }
        catch (UnknownClientException e)
        {
            throw new UsageException($"--clients: {e.Message}");
        }
    }
}
