using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FedPure.Tensors;

namespace FedPure.Benchmarks.Kernels;

/// <summary>exp and log over a million elements. MathF is the C runtime's, an element at a time.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class ExpAndLog
{
    private float[] _exponents = [], _positives = [], _result = [];

    [ParamsSource(nameof(Lengths))]
    public Length Length { get; set; } = null!;

    public static IEnumerable<Length> Lengths => [new(1_000_000)];

    [GlobalSetup]
    public void Setup()
    {
        _exponents = Floats.Create(Length.Count, 1, -20f, 20f);
        _positives = Floats.Create(Length.Count, 2, 1e-6f, 1e3f);
        _result = new float[Length.Count];
    }

    [Benchmark(Baseline = true, Description = "FedPure"), BenchmarkCategory("exp")]
    public void Exp() => Elementary.Exp(_exponents, _result);

    [Benchmark(Description = "TensorPrimitives"), BenchmarkCategory("exp")]
    public void ExpTensorPrimitives() => TensorPrimitives.Exp<float>(_exponents, _result);

    [Benchmark(Description = "MathF"), BenchmarkCategory("exp")]
    public void ExpMathF()
    {
        for (int i = 0; i < _result.Length; i++) _result[i] = MathF.Exp(_exponents[i]);
    }

    [Benchmark(Baseline = true, Description = "FedPure"), BenchmarkCategory("log")]
    public void Log() => Elementary.Log(_positives, _result);

    [Benchmark(Description = "TensorPrimitives"), BenchmarkCategory("log")]
    public void LogTensorPrimitives() => TensorPrimitives.Log<float>(_positives, _result);

    [Benchmark(Description = "MathF"), BenchmarkCategory("log")]
    public void LogMathF()
    {
        for (int i = 0; i < _result.Length; i++) _result[i] = MathF.Log(_positives[i]);
    }
}
