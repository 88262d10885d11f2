using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Sampling;

namespace FedPure.Cli.Options;

/// <summary>Which clients take part, round by round.</summary>
internal abstract record ClientSelection
{
    private static readonly (string Form, string? Meaning)[]
        Constant = [("all", null), ("first:N", null), ("ids:A,B", null)],
        ByRound =
        [
            ("sample:N", "uniformly, by TensorFlow Federated's seeded sampler"),
            ("weighted:N", "by their examples"),
            ("poisson:RATE", "each with that probability"),
            ("cyclic:N", "in turns"),
            ("gap:N,ROUNDS", "none again within so many rounds"),
            ("diurnal:N,ROUNDS", "of those available at the hour of a day of so many rounds"),
            ("trace:N,FILE", "of those available by a recorded trace"),
            ("stratified:N", "by the clients' most frequent labels"),
            ("rounds:FILE", "a JSON list of each round's ids"),
        ];

    private static readonly string[] Forms = [.. Constant.Concat(ByRound).Select(form => form.Form)];

    /// <summary>The forms, for the help.</summary>
    public static string Help { get; } = $"{HelpLines.Of(Constant)}\nOthers each round (docs/partitions.md):{HelpLines.Of(ByRound)}";

    /// <summary>The tutorial's ten, or all where there are fewer.</summary>
    public static ClientSelection Default { get; } = new FirstClients(10, CappedAtAll: true);

    /// <summary>The option that chose them, for errors: there are two that do.</summary>
    public string Option { get; private init; } = "--clients";

    /// <summary>Whether the cohort is another one each round, so that a round should tell its ids.</summary>
    public virtual bool IsByRound => false;

    public static ClientSelection Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, Forms);
        ClientSelection selection = spec.Name switch
        {
            "all" => new AllClients(),
            "first" => new FirstClients(spec.AtLeastOne(), CappedAtAll: false),
            "sample" => new SampledClients(spec.AtLeastOne()),
            "weighted" or "cyclic" or "stratified" => new DrawnClients(spec.Name, spec.AtLeastOne()),
            "gap" or "diurnal" when spec.List() is [var count, var rounds] =>
                new DrawnClients(spec.Name, Number.AtLeastOne($"{option} {spec.Name}", count), Number.AtLeastOne($"{option} {spec.Name}", rounds)),
            "gap" or "diurnal" => throw spec.Error($"its form is {spec.Name}:N,ROUNDS, such as {spec.Name}:10,24"),
            "trace" when spec.Rest.Split(',', 2) is [var count, { Length: > 0 } file] => new TracedClients(Number.AtLeastOne($"{option} trace", count), file),
            "trace" => throw spec.Error("its form is trace:N,FILE, such as trace:10,availability.json"),
            "poisson" => new PoissonClients(Number.Probability($"{option} poisson", spec.Rest)),
            "rounds" => new ListedRounds(spec.Rest),
            _ => new NamedClients([.. spec.List()]) is var named && named.Ids.Distinct().Count() == named.Ids.Length
                ? named
                : throw spec.Error("it names a client twice; give each id once"),
        };
        return selection with { Option = option };
    }

    /// <summary>The clients of rounds 1 to <paramref name="rounds"/>.</summary>
    /// <exception cref="UsageException">The data have no such client, or not as many.</exception>
    public abstract IClientSampler Choose(IFederatedDataset data, int rounds, long seed);

    /// <summary>The exception that says that more clients are asked for than there are.</summary>
    protected UsageException TooMany(string spec, IFederatedDataset data) =>
        new($"{Option} {spec} asks for more clients than the {data.ClientIds.Length} that there are; give a smaller number, or all.");
}

internal sealed record AllClients : ClientSelection
{
    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed) => ListedCohorts.Always(data.ClientIds);
}

internal sealed record FirstClients(int Count, bool CappedAtAll) : ClientSelection
{
    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed) => ListedCohorts.Always(
        Count <= data.ClientIds.Length ? data.ClientIds[..Count]
        : CappedAtAll ? data.ClientIds
        : throw TooMany($"first:{Count}", data));
}

internal sealed record NamedClients(ImmutableArray<string> Ids) : ClientSelection
{
    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed)
    {
        foreach (string id in Ids)
        {
            if (!data.Has(id)) throw new UsageException($"{Option}: {new UnknownClientException(id, data.ClientIds).Message}");
        }

        return ListedCohorts.Always(Ids);
    }
}

/// <summary>TensorFlow Federated's seeded sampler, without replacement.</summary>
internal sealed record SampledClients(int Count) : ClientSelection
{
    public override bool IsByRound => true;

    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed)
    {
        if (Count > data.ClientIds.Length) throw TooMany($"sample:{Count}", data);
        if (seed is < 0 or > uint.MaxValue)
            throw new UsageException($"{Option} sample:{Count} takes a --seed from 0 to {uint.MaxValue}, as TensorFlow Federated's sampler does, not {seed}.");
        return new UniformSampler(data.ClientIds, Count, (uint)seed);
    }
}
