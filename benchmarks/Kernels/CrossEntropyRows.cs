using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using FedPure.Tensors;

namespace FedPure.Benchmarks.Kernels;

/// <summary>
/// Cross-entropy with loss, gradient and correct counts. The gradient takes the logits' place, so each call copies them anew first: 0.05 ns of an element's
/// time.
/// </summary>
public class CrossEntropyRows
{
    private float[] _logits = [], _gradient = [];
    private int[] _labels = [];

    [ParamsSource(nameof(Shapes))]
    public Rows Shape { get; set; } = null!;

    public static IEnumerable<Rows> Shapes => Rows.All;

    [GlobalSetup]
    public void Setup()
    {
        (_logits, _gradient) = (Floats.Create(Shape.Count * Shape.Classes, 1, -4f, 4f), new float[Shape.Count * Shape.Classes]);
        var random = new Random(2);
        _labels = [.. Enumerable.Range(0, Shape.Count).Select(_ => random.Next(Shape.Classes))];
    }

    [Benchmark(Baseline = true, Description = "FedPure")]
    public double Own()
    {
        _logits.CopyTo(_gradient, 0);
        return CrossEntropy.SoftmaxBackward(_gradient, _labels, Shape.Classes, out _);
    }

    /// <summary>The same out of TensorPrimitives, one call an operation and row.</summary>
    [Benchmark]
    public double TensorPrimitivesPerRow()
    {
        double loss = 0;
        int correct = 0, classes = Shape.Classes;
        float perRow = 1f / Shape.Count;
        for (int row = 0; row < Shape.Count; row++)
        {
            var x = _logits.AsSpan(row * classes, classes);
            var y = _gradient.AsSpan(row * classes, classes);
            int largest = TensorPrimitives.IndexOfMax<float>(x), label = _labels[row];
            if (largest == label) correct++;
            TensorPrimitives.Subtract(x, x[largest], y);
            float target = y[label];
            TensorPrimitives.Exp<float>(y, y);
            float sum = TensorPrimitives.Sum<float>(y);
            TensorPrimitives.Multiply(y, perRow / sum, y);
            y[label] -= perRow;
            loss += MathF.Log(sum) - target;
        }

        return loss + 1e-30 * correct;
    }
}
