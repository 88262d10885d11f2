using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Partitioning;

namespace FedPure.Cli.Options;

/// <summary>--partition: how examples of data without clients are spread over some, the same client ids in every split.</summary>
/// <param name="Text">As it was typed.</param>
/// <param name="Create">The partitioner of a seed.</param>
/// <param name="Skew">What becomes of the clients' features, by a seed; null for nothing.</param>
internal sealed record PartitionChoice(string Text, Func<long, IPartitioner> Create, Func<IFederatedDataset, long, IFederatedDataset>? Skew = null)
{
    private static readonly (string Form, string? Meaning)[] Described =
    [
        ("iid:N", "equal parts at random"),
        ("shards:N,SHARDS", "so many shards of the rows sorted by label; McMahan et al. 2017"),
        ("dirichlet:N,ALPHA", "each label by Dirichlet shares; the smaller ALPHA, the more skewed"),
        ("balanced:N,ALPHA", "equal sizes, labels by Dirichlet shares"),
        ("labels:N,LABELS", "so many labels each"),
        ("quantity:N,ALPHA", "sizes by Dirichlet shares"),
        ("lognormal:N,SIGMA", "sizes e^(SIGMA·z)"),
        ("powerlaw:N,EXPONENT", "sizes u^(-1/EXPONENT)"),
        ("sizes:A,B,...", "sizes that are listed"),
        ("pachinko:N,ALPHA,BETA,FILE", "two levels of labels, FILE having the coarse ones"),
        ("virtual:N,EXAMPLES", "so many examples each, which others may have too"),
        ("noise:N,SIGMA", "iid, with more and more noise"),
        ("rotation:N,ANGLES", "iid, images turned by so many angles"),
    ];

    private static readonly string[] Forms = [.. Described.Select(form => form.Form)];

    /// <summary>The forms, for the help.</summary>
    public static string Help { get; } = HelpLines.Of(Described);

    public static PartitionChoice? Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, Forms);
        if (spec.Name == "iid")
        {
            int clients = spec.AtLeastOne();
            return new(text, seed => new IidPartitioner(clients, seed));
        }

        if (spec.Name == "sizes")
        {
            ImmutableArray<int> sizes = [.. spec.List().Select(size => Number.AtLeastZero($"{option} sizes", size))];
            return new(text, seed => new QuantityPartitioner(sizes.Length, new ListedSizes(sizes), seed, MinimumSize: 0));
        }

        if (spec.Name == "pachinko") return Pachinko(option, spec);
        string form = Array.Find(Forms, form => form.StartsWith(spec.Name + ":", StringComparison.Ordinal))!, place = $"{option} {spec.Name}";
        if (spec.List() is not [var first, var second]) throw spec.Error($"its form is {form}");
        int count = Number.AtLeastOne(place, first);
        if (spec.Name is "noise")
        {
            double sigma = Number.Positive(place, second);
            return new(text, seed => new IidPartitioner(count, seed), (clients, seed) => clients.WithNoise(sigma, seed));
        }

        if (spec.Name is "rotation")
        {
            int angles = Number.AtLeastOne(place, second);
            double[] degrees = [.. Enumerable.Range(0, angles).Select(i => 360.0 * i / angles)];
            return new(text, seed => new IidPartitioner(count, seed), (clients, _) => clients.Rotated(degrees));
        }

        return new(text, spec.Name switch
        {
            "shards" => Whole((shards, seed) => new ShardPartitioner(count, shards, seed)),
            "labels" => Whole((labels, seed) => new LabelPartitioner(count, labels, seed)),
            "virtual" => Whole((examples, seed) => new VirtualPartitioner(count, examples, seed)),
            "dirichlet" => Real((alpha, seed) => new DirichletPartitioner(count, alpha, seed)),
            "balanced" => Real((alpha, seed) => new BalancedDirichletPartitioner(count, alpha, seed)),
            "quantity" => Real((alpha, seed) => new QuantityPartitioner(count, new DirichletSizes(alpha), seed)),
            "lognormal" => Real((sigma, seed) => new QuantityPartitioner(count, new LogNormalSizes(sigma), seed)),
            _ => Real((exponent, seed) => new QuantityPartitioner(count, new PowerLawSizes(exponent), seed)),
        });

        Func<long, IPartitioner> Whole(Func<int, long, IPartitioner> create)
        {
            int number = Number.AtLeastOne(place, second);
            return seed => create(number, seed);
        }

        Func<long, IPartitioner> Real(Func<double, long, IPartitioner> create)
        {
            double number = Number.Positive(place, second);
            return seed => create(number, seed);
        }
    }

    private static PartitionChoice Pachinko(string option, Spec spec)
    {
        if (spec.Rest.Split(',', 4) is not [var clients, var alpha, var beta, { Length: > 0 } file])
            throw spec.Error("its form is pachinko:N,ALPHA,BETA,FILE, such as pachinko:500,0.1,10,coarse.json");
        string place = $"{option} pachinko";
        int count = Number.AtLeastOne(place, clients);
        double coarse = Number.Positive(place, alpha), fine = Number.Positive(place, beta);
        return new(spec.Text, seed => new PachinkoPartitioner(count, coarse, fine, CoarseLabels.Read(option, file), seed));
    }

    /// <summary>A split's examples as clients.</summary>
    /// <exception cref="UsageException">The split cannot be spread so.</exception>
    public IFederatedDataset Apply(string split, ExampleTable examples, long seed)
    {
        if (Skew is null) return Of(split, examples, seed).Of(examples);
        if (Text.StartsWith("rotation", StringComparison.Ordinal) && examples.Shape.Length != 2)
            throw new UsageException(
                $"--partition {Text} turns images of height×width, but the examples are {string.Join('×', examples.Shape)}; choose another partition.");
        return Skew(Of(split, examples, seed).Of(examples), seed);
    }

    /// <summary>The rows of each client of a split.</summary>
    /// <exception cref="UsageException">The split cannot be spread so.</exception>
    public Partition Of(string split, ExampleTable examples, long seed)
    {
        try
        {
            return Create(seed).RowsOf(examples);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--partition {Text} does not fit the split '{split}': {UsageException.Sentence(e)}");
        }
    }
}
