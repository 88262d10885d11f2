using FedPure.Learning.Aggregators;

namespace FedPure.Cli.Options;

/// <summary>--aggregator: how the clients' updates become one. The mean within takes the weights that --weighting says.</summary>
internal static class AggregatorChoice
{
    /// <summary>What the help says of the names, their parameters and defaults.</summary>
    public const string Help =
        "How updates become one: mean; robust (drops updates whose largest element, and clips those whose L2 norm, is beyond a bound that follows the clients'); "
        + "zeroing:norm=N,order=1|2|inf (drops updates whose norm is above N; order is inf if not given); clipping:norm=N (scales updates down to an L2 norm of N).";

    public static IAggregator Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "mean", "robust", "zeroing:norm=N,order=inf", "clipping:norm=N");
        return spec.Name switch
        {
            "robust" => RobustAggregator.Create(),
            "zeroing" => Zeroing(spec, spec.Pairs("norm", "order")),
            "clipping" => new Clipping(Bound(spec, spec.Pairs("norm")), new WeightedMean()),
            _ => new WeightedMean(),
        };
    }

    private static Zeroing Zeroing(Spec spec, Dictionary<string, string> pairs)
    {
        var order = Names.Require($"{spec.Option} zeroing order", pairs.GetValueOrDefault("order", "inf"), "1", "2", "inf") switch
        {
            "1" => NormOrder.L1,
            "2" => NormOrder.L2,
            _ => NormOrder.Infinity,
        };
        return new Zeroing(Bound(spec, pairs), new WeightedMean(), order);
    }

    private static NormBound Bound(Spec spec, Dictionary<string, string> pairs)
    {
        if (!pairs.TryGetValue("norm", out string? text)) throw spec.Error("it needs a norm, such as norm=1");
        double norm = Number.Double($"{spec.Option} {spec.Name} norm", text);
        return (float)norm is > 0 and <= float.MaxValue ? NormBound.Fixed((float)norm) : throw spec.Error("a norm is finite in float32 and above 0");
    }
}
