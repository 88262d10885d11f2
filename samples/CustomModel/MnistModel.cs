using System.Collections.Immutable;
using System.Numerics.Tensors;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace CustomModel;

/// <summary>
/// The tutorial's hand-written MnistModel: softmax regression from its own parameters, with its own loss, -mean log softmax(x·weights + bias)[label], and its
/// own metrics, all float32. It stores its kernel [784×10] as the tutorial does, and so takes other products than the library's layers.
/// </summary>
public sealed class MnistModel : IModel
{
    private const int Features = 784, Classes = 10, KernelLength = Features * Classes;

    public ParameterLayout Layout { get; } = new([("weights", [Features, Classes], false), ("bias", [Classes], false)]);

    public int FeatureCount => Features;

    // Accumulators: 0 num_examples; 1 loss sum, 2 its examples; 3 right ones, 4 their examples.
    public ImmutableArray<Metric> Metrics { get; } =
    [
        Metric.Sum("num_examples"),
        new Metric("loss", MetricType.Float32, 2, sums => sums[0] / sums[1]),
        new Metric("accuracy", MetricType.Float32, 2, sums => sums[0] / sums[1]),
    ];

    public int WorkspaceLength(int batchSize) => batchSize * Classes;

    public void Initialize(Span<float> parameters) => parameters.Clear();

    public void LossAndGradient(ReadOnlySpan<float> parameters, Batch batch, Span<float> gradient, Span<double> metricSums, Span<float> workspace)
    {
        // The gradient by the logits is (softmax - onehot)/rows.
        var y = Predict(parameters, batch, workspace);
        AddMetrics(y, batch.Labels, metricSums);
        for (int i = 0; i < batch.Rows; i++) y[i * Classes + batch.Labels[i]] -= 1f;
        Vectors.Scale(1f / batch.Rows, y);
        gradient.Clear();
        MatMul.AddTransposedA(batch.Features, y, gradient[..KernelLength], Features, Classes, batch.Rows);
        Activation.AddBiasGradient(y, gradient[KernelLength..]);
    }

    public void Evaluate(ReadOnlySpan<float> parameters, Batch batch, Span<double> metricSums, Span<float> workspace) =>
        AddMetrics(Predict(parameters, batch, workspace), batch.Labels, metricSums);

    private static Span<float> Predict(ReadOnlySpan<float> parameters, Batch batch, Span<float> workspace)
    {
        var y = workspace[..(batch.Rows * Classes)];
        MatMul.Multiply(batch.Features, parameters[..KernelLength], y, batch.Rows, Classes, Features);
        Activation.AddBias(y, parameters[KernelLength..]);
        Softmax.Forward(y, y, Classes);
        return y;
    }

    private static void AddMetrics(ReadOnlySpan<float> y, ReadOnlySpan<int> labels, Span<double> sums)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            var row = y.Slice(i * Classes, Classes);
            sums[1] -= Math.Log(row[labels[i]]);
            sums[3] += TensorPrimitives.IndexOfMax(row) == labels[i] ? 1 : 0;
        }

        sums[0] += labels.Length;
        sums[2] += labels.Length;
        sums[4] += labels.Length;
    }
}
