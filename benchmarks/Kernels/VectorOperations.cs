using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FedPure.Tensors;

namespace FedPure.Benchmarks.Kernels;

/// <summary>Operations over whole models, 7,850 parameters (784-10) in the first-level cache and 1.66 million in the third or memory.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class VectorOperations
{
    // Small, so that y stays where it is over a billion calls.
    private const float Alpha = 1e-9f;

    private float[] _x = [], _y = [];

    [ParamsSource(nameof(Lengths))]
    public Length Length { get; set; } = null!;

    public static IEnumerable<Length> Lengths => [new(7_850), new(1_660_000)];

    [GlobalSetup]
    public void Setup() => (_x, _y) = (Floats.Create(Length.Count, 1, -1f, 1f), Floats.Create(Length.Count, 2, -1f, 1f));

    [Benchmark(Baseline = true, Description = "FedPure"), BenchmarkCategory("Dot")]
    public float Dot() => Vectors.Dot(_x, _y);

    [Benchmark(Description = "TensorPrimitives"), BenchmarkCategory("Dot")]
    public float DotTensorPrimitives() => TensorPrimitives.Dot<float>(_x, _y);

    [Benchmark(Baseline = true, Description = "FedPure"), BenchmarkCategory("NormL2")]
    public float NormL2() => Vectors.NormL2(_x);

    [Benchmark(Description = "TensorPrimitives"), BenchmarkCategory("NormL2")]
    public float NormL2TensorPrimitives() => TensorPrimitives.Norm<float>(_x);

    [Benchmark(Baseline = true, Description = "FedPure"), BenchmarkCategory("AddScaled")]
    public void AddScaled() => Vectors.AddScaled(_x, Alpha, _y);

    [Benchmark(Description = "TensorPrimitives"), BenchmarkCategory("AddScaled")]
    public void AddScaledTensorPrimitives() => TensorPrimitives.MultiplyAddEstimate<float>(_x, Alpha, _y, _y);
}
