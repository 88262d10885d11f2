using FedPure.Learning.Aggregators;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Cli.Options;

/// <summary>What the options say of a process; null where an option was not given and the algorithm has a default of its own.</summary>
internal sealed record AlgorithmSettings(
    IModel Model,
    IOptimizer? ClientOptimizer,
    IOptimizer? ServerOptimizer,
    LearningRateSchedule? ClientSchedule,
    ClientWeighting? Weighting,
    IAggregator Aggregator,
    int Threads,
    long Seed);

/// <summary>--algorithm: what clients do in a round, and what the server makes of it.</summary>
internal sealed record AlgorithmChoice(Func<AlgorithmSettings, ILearningProcess> Build)
{
    /// <summary>The clients' rule where none is given, as in the tutorial.</summary>
    public const string DefaultClientOptimizer = "sgd:lr=0.02";

    private static readonly SpecForm<AlgorithmChoice>[] Forms =
    [
        new("fedavg", [], (_, _) => new(settings => FederatedAveraging.BuildWeighted(
            settings.Model, Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, settings.ClientSchedule, threads: settings.Threads, seed: settings.Seed))),
        new("fedprox", [new SpecNumber("mu", "M", Interval.NonNegative)], (_, x) => new(settings => FederatedProx.BuildWeighted(
            settings.Model, (float)x["mu"], Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, settings.ClientSchedule, threads: settings.Threads, seed: settings.Seed))),
        new("fedsgd", [], (_, _) => new(BuildFederatedSgd)),
        new("mimelite", [], (_, _) => new(settings => MimeLite.BuildWeighted(
            settings.Model, Client(settings), settings.ServerOptimizer, Weighting(settings), settings.Aggregator, baseSchedule: settings.ClientSchedule, threads: settings.Threads, seed: settings.Seed))),
    ];

    /// <summary>The algorithms with their parameters.</summary>
    public static string Help { get; } = SpecForm<AlgorithmChoice>.Help(Forms);

    public static AlgorithmChoice Parse(string option, string text) => SpecForm<AlgorithmChoice>.Parse(option, text, Forms);

    private static ILearningProcess BuildFederatedSgd(AlgorithmSettings settings)
    {
        string? unused =
            settings.ClientOptimizer is not null ? "--client-optimizer" : settings.ClientSchedule is not null ? "--client-schedule"
            : settings.Weighting is ClientWeighting.Uniform ? "--weighting uniform" : null;
        if (unused is not null)
            throw new UsageException($"--algorithm fedsgd takes no step at the clients, and weighs them by their examples: leave {unused} out.");
        return FederatedSgd.Build(settings.Model, settings.ServerOptimizer, settings.Aggregator, threads: settings.Threads, seed: settings.Seed);
    }

    private static IOptimizer Client(AlgorithmSettings settings) => settings.ClientOptimizer ?? OptimizerChoice.Parse("--client-optimizer", DefaultClientOptimizer);

    private static ClientWeighting Weighting(AlgorithmSettings settings) => settings.Weighting ?? ClientWeighting.NumExamples;
}
