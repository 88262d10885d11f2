using FedPure.Learning.Aggregators;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Cli.Options;

/// <summary>What the options say of a process; null where an option was not given and the algorithm has a default of its own.</summary>
internal sealed record AlgorithmSettings(
    IModel Model,
    Lazy<Population> Population,
    IEnumerable<int> CohortSizes,
    IOptimizer? ClientOptimizer,
    IOptimizer? ServerOptimizer,
    LearningRateSchedule? ClientSchedule,
    ClientWeighting? Weighting,
    IAggregator Aggregator,
    VirtualClock? Clock,
    IMetricsAggregator? Metrics,
    int Threads,
    long Seed);

/// <summary>--algorithm: what clients do in a round, and what the server makes of it.</summary>
internal sealed record AlgorithmChoice(Func<AlgorithmSettings, ILearningProcess> Create)
{
    /// <summary>The clients' rule where none is given, as in the tutorial.</summary>
    public const string DefaultClientOptimizer = "sgd:lr=0.02";

    private static readonly SpecNumber[] Staleness =
    [
        new("staleness", "polynomial", Interval.Positive) { Words = ["constant", "polynomial", "hinge"] },
        new("a", "0.5", Interval.NonNegative) { OnlyWith = ("staleness", [("polynomial", "0.5"), ("hinge", "10")]) },
        new("b", "4", Interval.NonNegative) { OnlyWith = ("staleness", [("hinge", "4")]) },
    ];

    private static readonly SpecNumber[] Nova =
    [
        new("mu", "0", Interval.NonNegative),
        new("steps", "norms", Interval.Positive) { Words = ["norms", "counts"] },
    ];

    private static readonly SpecNumber[] Async =
    [
        new("alpha", "0.6", Interval.Fraction), .. Staleness, new("mu", "0", Interval.NonNegative), new("arrivals", "10", Interval.AtLeastOne),
    ];

    private static readonly SpecForm<AlgorithmChoice>[] Forms =
    [
        new("fedavg", [], (_, _) => new(settings => FederatedAveraging.BuildWeighted(
            settings.Model, Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, settings.ClientSchedule,
            metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "McMahan et al. 2017"),
        new("fedprox", [new SpecNumber("mu", "M", Interval.NonNegative)], (_, x) => new(settings => FederatedProx.BuildWeighted(
            settings.Model, (float)x["mu"], Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, settings.ClientSchedule,
            metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "holds clients near the server's model; Li et al. 2020"),
        new("fedsgd", [], (_, _) => new(BuildFederatedSgd), "one gradient a client and round; McMahan et al. 2017"),
        new("mimelite", [], (_, _) => new(settings => MimeLite.BuildWeighted(
            settings.Model, Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, baseSchedule: settings.ClientSchedule,
            metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "the server's optimizer state at the clients; Karimireddy et al. 2021"),
        new("scaffold", [], (spec, _) => new(settings => Scaffold.Build(
            settings.Model, settings.Population.Value, ClientSgd(spec, settings, momentum: false), settings.ServerOptimizer, WeightingOrUniform(settings),
            settings.Aggregator, settings.ClientSchedule, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "controls against client drift; Karimireddy et al. 2020"),
        new("fednova", Nova, (spec, x) => new(settings => FedNova.Build(
            settings.Model, NovaSgd(spec, settings, x["mu"]), settings.ServerOptimizer, (float)x["mu"],
            x["steps"] == 0 ? EffectiveSteps.Norms : EffectiveSteps.Counts, Weighting(settings),
            settings.Aggregator, settings.ClientSchedule, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "updates by their local steps, with momentum or a proximal mu; Wang et al. 2020") { CanStandAlone = true },
        new("feddyn", [new SpecNumber("alpha", "A", Interval.Positive)], (_, x) => new(settings => FedDyn.Build(
            settings.Model, settings.Population.Value, (float)x["alpha"], Client(settings), settings.ServerOptimizer, WeightingOrUniform(settings),
            settings.Aggregator, settings.ClientSchedule, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "dynamic regularization; Acar et al. 2021"),
        new("qffl", [new SpecNumber("q", "Q", Interval.NonNegative)], (spec, x) => new(settings => QFedAvg.Build(
            settings.Model, x["q"], ClientSgd(spec, settings, momentum: false), settings.ServerOptimizer, WeightingOrUniform(settings),
            settings.Aggregator, settings.ClientSchedule, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "q-FedAvg, fairer the larger q; Li et al. 2020"),
        new("ditto", [new SpecNumber("lambda", "L", Interval.NonNegative)], (_, x) => new(settings => Ditto.Build(
            settings.Model, (float)x["lambda"], Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, settings.ClientSchedule,
            metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed)),
            "a model of its own for each client beside fedavg's; Li et al. 2021"),
        new("fedbuff", [new("buffer", "10", Interval.AtLeastOne), .. Staleness], (_, x) => new(settings => FedBuff.Build(
            settings.Model, Client(settings), (int)x["buffer"], settings.ServerOptimizer, Factor(x), settings.Clock, WeightingOrUniform(settings),
            settings.Aggregator, settings.ClientSchedule, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed))
            { UpdatesAtATime = (int)x["buffer"] },
            "asynchronous by --clock: the server moves whenever so many results have arrived, which count less the staler; Nguyen et al. 2022")
            { CanStandAlone = true },
        new("fedasync", Async, (_, x) => new(settings => FedAsync.Build(
            settings.Model, Client(settings), x["alpha"], Factor(x), (float)x["mu"], (int)x["arrivals"], settings.Clock, settings.ServerOptimizer,
            settings.Aggregator, settings.ClientSchedule, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed))
            { UpdatesAtATime = 1, Weighs = false },
            "asynchronous by --clock: each result is mixed in by alpha, less the staler; a round is so many arrivals; "
            + "staleness s counts 1, (s+1)^-a, or 1 up to b and 1/(a(s-b)+1) beyond, with a=10; Xie et al. 2019")
            { CanStandAlone = true },
    ];

    /// <summary>For an algorithm whose clients start and arrive by a clock: the results that make a server update.</summary>
    private int? UpdatesAtATime { get; init; }

    /// <summary>Whether results are weighed against one another.</summary>
    private bool Weighs { get; init; } = true;

    /// <summary>The algorithms with their parameters.</summary>
    public static string Help { get; } = SpecForm<AlgorithmChoice>.Help(Forms);

    public static AlgorithmChoice Parse(string option, string text) => SpecForm<AlgorithmChoice>.Parse(option, text, Forms);

    /// <summary>The process.</summary>
    /// <exception cref="UsageException">An option was given that the algorithm does not take.</exception>
    public ILearningProcess Build(AlgorithmSettings settings)
    {
        if (UpdatesAtATime is null && settings.Clock is not null)
            throw new UsageException("--clock is for algorithms whose clients come and go, fedbuff and fedasync: leave it out, or choose one of these.");
        if (!Weighs && settings.Weighting is not null)
            throw new UsageException("--algorithm fedasync takes one result at a time, with nothing to weigh it against: leave --weighting out.");
        int least = settings.Aggregator.LeastUpdates;
        if (UpdatesAtATime < least)
        {
            throw new UsageException(
                $"--aggregator takes at least {least} updates, but this --algorithm gives it {UpdatesAtATime} at a time: "
                    + $"choose fedbuff:buffer={least} or more, or another aggregator.");
        }

        if (UpdatesAtATime is null && least > 1 && settings.CohortSizes.All(size => size < least))
            throw new UsageException(
                $"--aggregator takes at least {least} updates, but no round of this run has as many clients: choose more by --clients, or another aggregator.");
        return Create(settings);
    }

    private static StalenessFactor Factor(IReadOnlyDictionary<string, double> x) => x["staleness"] switch
    {
        0 => new ConstantStaleness(),
        1 => new PolynomialStaleness(x["a"]),
        _ => new HingeStaleness(x["a"], x["b"]),
    };

    private static ILearningProcess BuildFederatedSgd(AlgorithmSettings settings)
    {
        string? unused =
            settings.ClientOptimizer is not null ? "--client-optimizer" : settings.ClientSchedule is not null ? "--client-schedule"
            : settings.Weighting is ClientWeighting.Uniform ? "--weighting uniform" : null;
        if (unused is not null)
            throw new UsageException($"--algorithm fedsgd takes no step at the clients, and weighs them by their examples: leave {unused} out.");
        return FederatedSgd.Build(
            settings.Model, settings.ServerOptimizer, settings.Aggregator, metricsAggregator: settings.Metrics, threads: settings.Threads, seed: settings.Seed);
    }

    private static IOptimizer Client(AlgorithmSettings settings) =>
        settings.ClientOptimizer ?? OptimizerChoice.Parse("--client-optimizer", DefaultClientOptimizer);

    private static Sgd ClientSgd(Spec spec, AlgorithmSettings settings, bool momentum) => Client(settings) switch
    {
        Sgd { IsPlain: true } plain => plain,
        Sgd { Nesterov: false } accelerated when momentum => accelerated,
        _ => throw new UsageException(
            $"--algorithm {spec.Name} is made for clients of {(momentum ? "SGD, plain or with momentum other than Nesterov's" : "plain SGD")}: "
                + $"give it --client-optimizer sgd:lr=R{(momentum ? "[,momentum=M]" : "")}."),
    };

    private static Sgd NovaSgd(Spec spec, AlgorithmSettings settings, double mu)
    {
        var rule = ClientSgd(spec, settings, momentum: true);
        return mu == 0 || rule.IsPlain ? rule : throw spec.Error("its normalization knows momentum or a proximal mu, not both; leave out one of them");
    }

    private static ClientWeighting Weighting(AlgorithmSettings settings) => settings.Weighting ?? ClientWeighting.NumExamples;

    private static ClientWeighting WeightingOrUniform(AlgorithmSettings settings) => settings.Weighting ?? ClientWeighting.Uniform;
}
