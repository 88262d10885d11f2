using FedPure.Benchmarks;
using FedPure.Benchmarks.Algorithms;
using FedPure.Benchmarks.Data;
using FedPure.Benchmarks.Measuring;
using FedPure.Benchmarks.Products;

return args switch
{
    ["ulps", "exp"] => UlpSweep.Run(UlpSweep.Exp),
    ["ulps", "log"] => UlpSweep.Run(UlpSweep.Log),
    ["algorithms"] => AlgorithmTable.Run(Path.Combine("docs", "algorithms.md")),
    ["algorithms", var file] => AlgorithmTable.Run(file),
    ["residency"] => Residency.Run(mnist: null),
    ["residency", var folder] => Residency.Run(folder),
    ["residency", var what, var place] => Residency.Measure(what, place),
    ["ulps", ..] => Usage(),
    _ => BenchmarkRun.Start(typeof(Program).Assembly, args, BenchmarkConfig.Create().AddFilter(MatrixProducts.Filter), "FedPure"),
};

static int Usage()
{
    Console.Error.WriteLine("ulps exp|log");
    return 2;
}
