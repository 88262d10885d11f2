using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using FedPure.Tensors;

namespace FedPure.Benchmarks.Kernels;

/// <summary>Probabilities of rows of logits. TensorPrimitives.SoftMax subtracts no maximum, so it does less and overflows at a logit of 89.</summary>
public class SoftmaxRows
{
    private float[] _logits = [], _probabilities = [];

    [ParamsSource(nameof(Shapes))]
    public Rows Shape { get; set; } = null!;

    public static IEnumerable<Rows> Shapes => Rows.All;

    [GlobalSetup]
    public void Setup() => (_logits, _probabilities) = (Floats.Create(Shape.Count * Shape.Classes, 1, -4f, 4f), new float[Shape.Count * Shape.Classes]);

    [Benchmark(Baseline = true, Description = "FedPure")]
    public void Own() => Softmax.Forward(_logits, _probabilities, Shape.Classes);

    [Benchmark]
    public void TensorPrimitivesPerRow()
    {
        int classes = Shape.Classes;
        for (int start = 0; start < _logits.Length; start += classes)
            TensorPrimitives.SoftMax(_logits.AsSpan(start, classes), _probabilities.AsSpan(start, classes));
    }
}
