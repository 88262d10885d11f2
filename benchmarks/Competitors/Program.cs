using BenchmarkDotNet.Jobs;
using FedPure.Benchmarks.Competitors;
using FedPure.Benchmarks.Measuring;

bool openBlas = OpenBlas.TryDescribe(out string description);
string[] remarks =
[
    openBlas
        ? $"{description.Trim()}, with {OpenBlas.CoreTypeVariable}={OpenBlas.CoreType}, one thread"
        : $"OpenBLAS is missing; install it with: {OpenBlas.Install}",
    "Math.NET: the managed provider, one thread",
    "TorchSharp is missing: TorchSharp-cpu 0.107.0 restores, but its native library asks for GLIBCXX_3.4.32 (GCC 13), newer than the libstdc++ of Debian 12",
];
var config = BenchmarkConfig.Create(new EnvironmentVariable(OpenBlas.CoreTypeVariable, OpenBlas.CoreType)).AddFilter(ProductRivals.Filter(openBlas));
return BenchmarkRun.Start(typeof(Program).Assembly, args, config, "Competitors", remarks);
