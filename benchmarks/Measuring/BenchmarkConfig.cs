using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using Perfolizer.Horology;

namespace FedPure.Benchmarks.Measuring;

/// <summary>
/// The one configuration. A fresh process a benchmark, three warm-ups of 150 ms, which is past tiering, and ten measurements of 150 ms: some 3 s each, so that
/// a full run stays below half an hour. Ratios repeat within 2 to 3 % on a quiet machine.
/// </summary>
internal static class BenchmarkConfig
{
    public static ManualConfig Create(params EnvironmentVariable[] variables)
    {
        var job = Job.Default.WithLaunchCount(1).WithWarmupCount(3).WithIterationCount(10).WithIterationTime(TimeInterval.FromMilliseconds(150));

        // The program that BenchmarkDotNet writes has no documentation, and its warnings are not ours.
        job = job.WithArguments([new MsBuildArgument("/p:TreatWarningsAsErrors=false"), new MsBuildArgument("/p:MSBuildTreatWarningsAsErrors=false")]);
        if (variables.Length > 0) job = job.WithEnvironmentVariables(variables);
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Metrics)
            .AddColumn(StatisticColumn.Mean, StatisticColumn.StdDev, BaselineRatioColumn.RatioMean)
            .AddColumn(WorkColumn.All)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
    }
}
