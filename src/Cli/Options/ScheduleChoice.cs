using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>--client-schedule: how the clients' learning rate changes from round to round, from that of --client-optimizer in the first.</summary>
internal static class ScheduleChoice
{
    private static readonly SpecNumber Rounds = new("rounds", "N", Interval.AtLeastOne), Rate = new("rate", "R", Interval.Positive);

    /// <summary>One entry a schedule.</summary>
    private static readonly SpecForm<LearningRateSchedule>[] Forms =
    [
        new("constant", [], (_, _) => new ConstantSchedule()),
        new("exponential", [Rate], (_, x) => new ExponentialSchedule(x["rate"]), "lr·rate^r"),
        new("inverse", [Rate with { Range = Interval.NonNegative }], (_, x) => new InverseSchedule(x["rate"]), "lr/(1 + rate·r)"),
        new("cosine", [Rounds], (_, x) => new CosineSchedule((int)x["rounds"]), "lr·½(1 + cos πr/rounds), then 0"),
        new("step", [new("every", "N", Interval.AtLeastOne), Rate], (_, x) => new StepSchedule((int)x["every"], x["rate"]), "lr·rate^⌊r/every⌋"),
        new(
            "polynomial", [Rounds, new("power", "1", Interval.Positive)], (_, x) => new PolynomialSchedule((int)x["rounds"], x["power"]),
            "lr·(1 - r/rounds)^power, then 0"),
        new("warmup", [Rounds], (_, x) => new WarmupSchedule((int)x["rounds"]), "lr·(r + 1)/rounds, then lr"),
    ];

    /// <summary>The schedules with their parameters and defaults.</summary>
    public static string Help { get; } = SpecForm<LearningRateSchedule>.Help(Forms);

    public static LearningRateSchedule Parse(string option, string text) => SpecForm<LearningRateSchedule>.Parse(option, text, Forms);
}
