using FedPure.Learning.Aggregators;
using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>--aggregator: how the clients' updates become one. Weights, where they count, are those that --weighting says.</summary>
internal static class AggregatorChoice
{
    private static readonly SpecNumber
        Norm = new("norm", "N", Interval.Positive),
        Hostile = new("f", "F", Interval.AtLeastOne),
        Weighted = new("weighted", "false", Interval.Flag);

    /// <summary>Rules that pass updates on to another, the weighted mean unless one follows a plus sign.</summary>
    private static readonly SpecForm<Func<IAggregator?, IAggregator>>[] Around =
    [
        new("robust", [], (_, _) => inner => RobustAggregator.Around(inner ?? new WeightedMean()),
            "zeroing and clipping by bounds that follow the clients' norms; Andrew et al. 2021"),
        new("zeroing", [Norm, new("order", "inf", Interval.Positive) { Words = ["1", "2", "inf"] }],
            (_, x) => inner => new Zeroing(
                NormBound.Fixed((float)x["norm"]), inner ?? new WeightedMean(), (NormOrder)x["order"]), "drops updates whose norm of that order is above N"),
        new(
            "clipping", [Norm], (_, x) => inner => new Clipping(NormBound.Fixed((float)x["norm"]), inner ?? new WeightedMean()),
            "scales updates down to an L2 norm of N"),
    ];

    /// <summary>Rules that make the aggregate of what reaches them without keeping it.</summary>
    private static readonly SpecForm<Func<IAggregator?, IAggregator>>[] Streaming =
    [
        new("mean", [], (spec, _) => Last(spec, new WeightedMean())),
        new("normbounded", [Norm, Weighted], (spec, x) => Last(spec, NormBoundedMean.Create((float)x["norm"], x["weighted"] == 1)),
            "mean of updates scaled down to an L2 norm of N; Sun et al. 2019"),
        new("vote", [Weighted], (spec, x) => Last(spec, new MajorityVote(x["weighted"] == 1)),
            "sign of each parameter by majority; the server's lr is its step, such as 0.01; Bernstein et al. 2018") { CanStandAlone = true },
    ];

    /// <summary>Rules that need all updates at once.</summary>
    private static readonly SpecForm<Func<IAggregator?, IAggregator>>[] Gathering =
    [
        new(
            "median", [Weighted], (spec, x) => Last(spec, new CoordinateMedian(x["weighted"] == 1)), "of each parameter; Yin et al. 2018")
        { CanStandAlone = true },
        new("trimmed", [new("beta", "B", Interval.BelowHalf), Weighted], (spec, x) => Last(spec, new TrimmedMean(x["beta"], x["weighted"] == 1)),
            "mean of each parameter without the ⌊B·clients⌋ smallest and largest values; Yin et al. 2018"),
        new(
            "krum", [Hostile], (spec, x) => Last(spec, new Krum((int)x["f"])),
            "the update closest to its neighbours, against F hostile of 2F + 3 clients or more; Blanchard et al. 2017"),
        new(
            "multikrum", [Hostile, new("m", "M", Interval.AtLeastOne), Weighted],
            (spec, x) => Last(spec, new Krum((int)x["f"], (int)x["m"], x["weighted"] == 1)), "mean of the M best of them"),
        new(
            "bulyan", [Hostile], (spec, x) => Last(spec, new Bulyan((int)x["f"])),
            "mean around the median of those that Krum selects, against F hostile of 4F + 3 clients or more; El Mhamdi et al. 2018"),
        new(
            "geomedian",
            [Weighted, new("nu", "1e-6", Interval.Positive), new("tolerance", "1e-9", Interval.NonNegative), new("iterations", "1000", Interval.AtLeastOne)],
            (spec, x) =>
                Last(spec, new GeometricMedian(x["weighted"] == 1) { Smoothing = x["nu"], Tolerance = x["tolerance"], MaxIterations = (int)x["iterations"] }),
            "geometric median by the smoothed Weiszfeld algorithm; Pillutla et al. 2022") { CanStandAlone = true },
    ];

    private static readonly SpecForm<Func<IAggregator?, IAggregator>>[] All = [.. Streaming[..1], .. Around, .. Streaming[1..], .. Gathering];

    /// <summary>What the help says of the names, their parameters and defaults.</summary>
    public static string Help { get; } =
        $"How updates become one:{SpecForm<Func<IAggregator?, IAggregator>>.Help(Streaming)}\n"
        + $"Keeping all updates of a round (clients × parameters × 4 bytes):{SpecForm<Func<IAggregator?, IAggregator>>.Help(Gathering)}\n"
        + "Before any of these, joined by +, such as zeroing:norm=10+median, or alone before the "
        + $"mean:{SpecForm<Func<IAggregator?, IAggregator>>.Help(Around)}";

    public static IAggregator Parse(string option, string text)
    {
        IAggregator? rule = null;
        foreach (string part in Spec.Chain(text).Reverse()) rule = SpecForm<Func<IAggregator?, IAggregator>>.Parse(option, part, All)(rule);
        return rule!;
    }

    private static Func<IAggregator?, IAggregator> Last(Spec spec, IAggregator rule) =>
        inner => inner is null ? rule : throw spec.Error($"{spec.Name} passes nothing on, so it stands last");
}
