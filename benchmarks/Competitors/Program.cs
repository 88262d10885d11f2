using BenchmarkDotNet.Jobs;
using FedPure.Benchmarks.Competitors;
using FedPure.Benchmarks.Measuring;

bool openBlas = OpenBlas.TryDescribe(out string description);
string? torch = Torch.Problem();
string[] remarks =
[
    openBlas ? $"{description.Trim()}, with {OpenBlas.CoreTypeVariable}={OpenBlas.CoreType}, one thread" : $"OpenBLAS is missing; install it with: {OpenBlas.Install}",
    "Math.NET: the managed provider, one thread",
    torch is null ? "TorchSharp: one thread" : $"TorchSharp is missing: {torch}",
];
var config = BenchmarkConfig.Create(new EnvironmentVariable(OpenBlas.CoreTypeVariable, OpenBlas.CoreType)).AddFilter(ProductRivals.Without(openBlas, torch is null));
return BenchmarkRun.Start(typeof(Program).Assembly, args, config, "Competitors", remarks);
