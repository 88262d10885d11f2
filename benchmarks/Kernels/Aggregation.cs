using BenchmarkDotNet.Attributes;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Benchmarks.Kernels;

/// <summary>
/// The weighted mean of 100 updates, to the last bit the same in any order, against the plain sum in float32 that it replaces and against what memory allows.
/// It reads an update and reads and writes two 64-bit sums an element.
/// </summary>
public class Aggregation
{
    private float[][] _updates = [];
    private float[] _mean = [];
    private IAggregation _aggregation = null!;
    private AggregatorState _state = null!;

    [ParamsSource(nameof(Shapes))]
    public Updates Shape { get; set; } = null!;

    public static IEnumerable<Updates> Shapes => [new(100, 1_660_000), new(100, 7_850)];

    [GlobalSetup]
    public void Setup()
    {
        _updates = [.. Enumerable.Range(0, Shape.Clients).Select(client => Floats.Create(Shape.Parameters, client, -0.01f, 0.01f))];
        _mean = new float[Shape.Parameters];
        var layout = new ParameterLayout([("parameters", [Shape.Parameters], false)]);
        _aggregation = new WeightedMean().CreateAggregation(layout);
        _state = new WeightedMean().Initialize(layout);
    }

    [Benchmark(Description = "FedPure: order-independent mean")]
    public bool Mean()
    {
        _aggregation.Begin(_state);
        for (int client = 0; client < _updates.Length; client++) _aggregation.Add("client", _updates[client], 90 + client);
        return _aggregation.Complete(_mean).Problem is null;
    }

    [Benchmark(Baseline = true, Description = "axpy over the same updates")]
    public void Axpy()
    {
        Array.Clear(_mean);
        for (int client = 0; client < _updates.Length; client++) Vectors.AddScaled(_updates[client], 90 + client, _mean);
        Vectors.Scale(1f / (100 * 90 + 99 * 50), _mean);
    }

    [Benchmark(Description = "copy of the same updates")]
    public void Copy()
    {
        foreach (float[] update in _updates) update.CopyTo(_mean, 0);
    }
}
