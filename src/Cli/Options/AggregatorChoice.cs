using FedPure.Learning.Aggregators;

namespace FedPure.Cli.Options;

/// <summary>--aggregator: how the clients' updates become one. The mean within is weighted or not, as --weighting says.</summary>
internal sealed record AggregatorChoice(Func<bool, IAggregator> Create)
{
    /// <summary>What the help says of the names, their parameters and defaults.</summary>
    public const string Help =
        "How updates become one: mean; robust (drops updates whose largest element, and clips those whose L2 norm, is beyond a bound that follows the clients'); "
        + "zeroing:norm=N,order=1|2|inf (drops updates whose norm is above N; order is inf if not given); clipping:norm=N (scales updates down to an L2 norm of N).";

    public static AggregatorChoice Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "mean", "robust", "zeroing:norm=N,order=inf", "clipping:norm=N");
        switch (spec.Name)
        {
            case "robust":
                return new AggregatorChoice(weighted => RobustAggregator.Create(weighted));
            case "zeroing":
                var pairs = spec.Pairs("norm", "order");
                var bound = Bound(spec, pairs);
                var order = Names.Require($"{option} zeroing order", pairs.GetValueOrDefault("order", "inf"), "1", "2", "inf") switch
                {
                    "1" => NormOrder.L1,
                    "2" => NormOrder.L2,
                    _ => NormOrder.Infinity,
                };
                return new AggregatorChoice(weighted => new Zeroing(bound, Mean(weighted), order));
            case "clipping":
                var limit = Bound(spec, spec.Pairs("norm"));
                return new AggregatorChoice(weighted => new Clipping(limit, Mean(weighted)));
            default:
                return new AggregatorChoice(Mean);
        }
    }

    private static IAggregator Mean(bool weighted) => weighted ? new WeightedMean() : new UnweightedMean();

    private static NormBound Bound(Spec spec, Dictionary<string, string> pairs)
    {
        if (!pairs.TryGetValue("norm", out string? text)) throw spec.Error("it needs a norm, such as norm=1");
        float norm = Number.Single($"{spec.Option} {spec.Name} norm", text);
        return norm is > 0 and <= float.MaxValue ? NormBound.Fixed(norm) : throw spec.Error("a norm is finite in float32 and above 0");
    }
}
