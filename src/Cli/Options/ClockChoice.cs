using System.Collections.Immutable;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>--clock: the virtual clock of an asynchronous algorithm.</summary>
/// <param name="Clock">All of it but who can be started when.</param>
/// <param name="DaySeconds">A day in virtual seconds, by which clients are available as under --clients diurnal; 0 for always.</param>
internal sealed record ClockChoice(VirtualClock Clock, double DaySeconds)
{
    private const int SlotsADay = 24;

    private static readonly SpecNumber Seconds = new("seconds", "0.01", Interval.NonNegative);

    private static readonly SpecNumber[] Common =
    [
        Seconds, new("concurrency", "10", Interval.AtLeastOne), new("dropout", "0", VirtualClock.Probability), new("day", "0", Interval.NonNegative),
        new("synchronous", "false", Interval.Flag),
    ];

    private static readonly SpecForm<ClockChoice>[] Forms =
    [
        Form("lognormal", [new("spread", "1", LogNormalSpeed.Spreads)], x => new LogNormalSpeed(x["seconds"], x["spread"])),
        Form("exponential", [], x => new ExponentialSpeed(x["seconds"])),
        Form("halfnormal", [], x => new HalfNormalSpeed(x["seconds"])),
        Form("equal", [], x => new EqualSpeed(x["seconds"])),
    ];

    /// <summary>What the help says of the names, their parameters and defaults.</summary>
    public static string Help { get; } =
        $"For fedbuff and fedasync, the clients' time in virtual seconds: {Forms[0].Name}:spread=1 (of devices), "
            + "exponential or halfnormal (of each start) or equal. With any of them "
        + $"{string.Join(',', Common.Select(number => $"{number.Key}={number.Default}"))}: seconds an example, clients in training at a time, "
        + "the probability that one never delivers, the length of a day "
        + "in which few are available (0: all, always), and whether the server waits for a whole buffer as fedavg does";

    public static ClockChoice Parse(string option, string text) => SpecForm<ClockChoice>.Parse(option, text, Forms);

    /// <summary>The clock for a population.</summary>
    public VirtualClock For(ImmutableArray<string> clientIds, long seed) =>
        DaySeconds == 0
            ? Clock : Clock with { Availability = new ClientAvailability(clientIds, DrawnClients.Diurnal(SlotsADay, seed), DaySeconds / SlotsADay) };

    private static SpecForm<ClockChoice> Form(string name, SpecNumber[] own, Func<IReadOnlyDictionary<string, double>, ClientSpeed> speed) =>
        new(name, [.. own, .. Common], (_, x) => new(
        new VirtualClock { Speed = speed(x), Concurrency = (int)x["concurrency"], DropoutProbability = x["dropout"], IsSynchronous = x["synchronous"] == 1 },
        x["day"]))
        {
            CanStandAlone = true,
        };
}
