using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Synthetic;

namespace FedPure.Cli.Options;

/// <summary>--data synthetic[:...]: FedProx's clients, drawn from a seed of the data's own, so that --seed can vary while the data stay.</summary>
internal sealed record SyntheticClients(string Text, FedProxSynthetic Law) : DataSource(Text)
{
    private static readonly string[] Keys = ["alpha", "beta", "clients", "features", "classes", "iid", "seed"];

    public static SyntheticClients Parse(Spec spec)
    {
        var given = new Particulars(spec, Keys);
        return new(
            spec.Text,
            new FedProxSynthetic(
                given.Real("alpha", 1), given.Real("beta", 1), given.Seed(), given.Whole("clients", 30), given.Whole("features", 60), given.Classes(10),
                given.Flag("iid")));
    }

    public override ImmutableArray<LoadedSplit> Load(int? classes)
    {
        try
        {
            return Federated(Law.Generate());
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--data {Text}: {UsageException.Sentence(e)}");
        }
    }
}

/// <summary>--data blobs[:...]: normal clouds without clients, for --partition; a sixth as many test examples.</summary>
internal sealed record SyntheticBlobs(string Text, GaussianBlobs Law) : DataSource(Text)
{
    private const int TrainPerTestExample = 6;

    private static readonly string[] Keys = ["examples", "features", "classes", "separation", "seed"];

    public static SyntheticBlobs Parse(Spec spec)
    {
        var given = new Particulars(spec, Keys);
        return new(
            spec.Text,
            new GaussianBlobs(given.Whole("examples", 6000), given.Whole("features", 20), given.Classes(10), given.Real("separation", 1), given.Seed()));
    }

    public override ImmutableArray<LoadedSplit> Load(int? classes)
    {
        try
        {
            var test = Law with { ExampleCount = Math.Max(1, Law.ExampleCount / TrainPerTestExample) };
            return [new(FederatedSplits.TrainName, Law.Generate(), null), new(FederatedSplits.TestName, test.Generate(FederatedSplits.TestName), null)];
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--data {Text}: {UsageException.Sentence(e)}");
        }
    }
}

/// <summary>The key=value particulars of a data source, checked as they are read.</summary>
internal sealed class Particulars(Spec spec, string[] keys)
{
    private readonly Dictionary<string, string> _given = spec.Rest.Length == 0 ? [] : spec.Pairs(keys);

    public int Whole(string key, int otherwise) => _given.TryGetValue(key, out string? text) ? Number.AtLeastOne(Place(key), text) : otherwise;

    public int Classes(int otherwise) =>
        Whole("classes", otherwise) is >= 2 and var classes ? classes : throw spec.Error("a classification needs at least 2 classes");

    public double Real(string key, double otherwise) =>
        !_given.TryGetValue(key, out string? text) ? otherwise : text is "0" ? 0 : Number.Positive(Place(key), text);

    public long Seed() => _given.TryGetValue("seed", out string? text) ? Number.Seed(Place("seed"), text) : 0;

    public bool Flag(string key) => _given.TryGetValue(key, out string? text) && text switch
    {
        "true" => true,
        "false" => false,
        _ => throw spec.Error($"{key} is true or false, not '{text}'"),
    };

    private string Place(string key) => $"{spec.Option} {spec.Name}:{key}";
}
