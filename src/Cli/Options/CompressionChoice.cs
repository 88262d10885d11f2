using FedPure.Learning.Aggregators;
using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>--compress: in what form updates are sent.</summary>
/// <param name="Compressor">Puts an update into bytes; null for whole updates.</param>
/// <param name="ErrorFeedback">Whether clients remember what was not sent.</param>
internal sealed record CompressionChoice(Compressor? Compressor, bool ErrorFeedback = false)
{
    private static readonly SpecNumber
        Bits = new("bits", "B", Interval.AtLeastOne),
        Kept = new("fraction", "F", Interval.Fraction),
        Feedback = new("feedback", "true", Interval.Flag);

    private static readonly SpecForm<CompressionChoice>[] Forms =
    [
        new("none", [], (_, _) => new(Compressor: null)),
        new("qsgd", [Bits, new("norm", "l2", Interval.Positive) { Words = ["l2", "max"] }],
            (spec, x) => new(new StochasticQuantization((1 << (BitCount(spec, x, 2, 24) - 1)) - 1, x["norm"] == 0 ? NormOrder.L2 : NormOrder.Infinity)),
            "sign and 2^(B-1) - 1 levels of the norm, rounded at random; Alistarh et al. 2017"),
        new("quantize", [Bits, new("rounding", "nearest", Interval.Positive) { Words = ["nearest", "random"] }],
            (spec, x) => new(new UniformQuantization(BitCount(spec, x, 1, 23), stochastic: x["rounding"] == 1)),
            "2^B levels from the least to the largest element; Suresh et al. 2017"),
        new(
            "sign", [Feedback], (_, x) => new(new SignCompression(), x["feedback"] == 1), "sign times mean size; Karimireddy et al. 2019")
        { CanStandAlone = true },
        new("topk", [Kept, Feedback], (_, x) => new(new TopK(x["fraction"]), x["feedback"] == 1), "the largest elements; Stich et al. 2018"),
        new("randomk", [Kept, Feedback], (_, x) => new(new RandomK(x["fraction"], Unbiased: x["feedback"] == 0), x["feedback"] == 1),
            "elements drawn each time, times 1/F without feedback; Konečný et al. 2016"),
    ];

    /// <summary>The forms with their parameters and defaults.</summary>
    public static string Help { get; } =
        $"How clients' updates are sent, before --aggregator:{SpecForm<CompressionChoice>.Help(Forms)}\n  hadamard+ before any of these but none (rotated at "
            + "random; Suresh et al. 2017)\n"
        + "Every round reports bytes_up and bytes_down. With feedback a client adds to its next update what was not sent: "
        + "parameters × 4 bytes for each client seen.";

    public static CompressionChoice Parse(string option, string text)
    {
        if (text.Split('+', 2) is not ["hadamard", .. var rotated]) return SpecForm<CompressionChoice>.Parse(option, text, Forms);
        var choice = rotated is [var inner] ? SpecForm<CompressionChoice>.Parse(option, inner, Forms) : new CompressionChoice(Compressor: null);
        return choice.Compressor is null
            ? throw new UsageException($"{option} hadamard rotates updates for another to compress, such as hadamard+quantize:bits=2.")
            : choice with { Compressor = new HadamardRotation(choice.Compressor) };
    }

    /// <summary>The rule that gets what is sent, with the compression before it.</summary>
    public IAggregator Before(IAggregator rule, long seed) => Compressor is null ? rule : new Compression(Compressor, rule, ErrorFeedback, seed);

    private static int BitCount(Spec spec, IReadOnlyDictionary<string, double> numbers, int least, int most) =>
        numbers["bits"] is var bits && bits >= least && bits <= most ? (int)bits : throw spec.Error($"bits are from {least} to {most}");
}
