using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Metrics;
using FedPure.Tensors;

namespace FedPure.Learning.Models;

/// <summary>
/// Dense layers under a softmax cross-entropy. Workspace for a batch of rows: each layer's output, then each hidden layer's output gradient; the logits' gradient
/// takes the place of the logits.
/// </summary>
internal sealed class SoftmaxClassifier : IFusedModel
{
    private readonly ImmutableArray<DenseLayer> _layers;
    private readonly RandomKey _key;
    private readonly int _outputs, _hiddenOutputs;

    public SoftmaxClassifier(int featureCount, long seed, ImmutableArray<DenseLayer> layers)
    {
        _layers = layers;
        _key = RandomKey.FromSeed(seed).Fold("initial weights");
        _outputs = layers.Sum(layer => layer.Outputs);
        _hiddenOutputs = _outputs - layers[^1].Outputs;
        FeatureCount = featureCount;
        Layout = new ParameterLayout(layers.SelectMany((layer, index) => Slices(layer, index == 0 ? "dense" : $"dense_{index}")));
    }

    public ParameterLayout Layout { get; }

    public int FeatureCount { get; }

    public ImmutableArray<Metric> Metrics { get; } =
        [Metric.Mean("sparse_categorical_accuracy"), Metric.Mean("loss"), Metric.Count("num_examples"), Metric.Count("num_batches")];

    private int ClassCount => _layers[^1].Outputs;

    public int WorkspaceLength(int batchSize) => checked(batchSize * (_outputs + _hiddenOutputs));

    public void Initialize(Span<float> parameters)
    {
        parameters.Clear();
        for (int i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            layer.Initializer.Fill(_key.Fold((ulong)i), parameters.Slice(layer.Offset, layer.KernelLength), layer.Inputs, layer.Outputs);
        }
    }

    public void LossAndGradient(ReadOnlySpan<float> parameters, Batch batch, Span<float> gradient, Span<double> metricSums, Span<float> workspace)
    {
        gradient.Clear();
        ForwardBackward(parameters, batch, gradient, 1f, metricSums, workspace);
    }

    public void Step(Span<float> parameters, Batch batch, float learningRate, Span<double> metricSums, Span<float> workspace) =>
        ForwardBackward(parameters, batch, parameters, -learningRate, metricSums, workspace);

    public void Evaluate(ReadOnlySpan<float> parameters, Batch batch, Span<double> metricSums, Span<float> workspace)
    {
        var logits = Forward(parameters, batch, workspace);
        double loss = CrossEntropy.Evaluate(logits, batch.Labels, ClassCount, out int correct);
        AddMetrics(metricSums, batch.Rows, correct, loss);
    }

    // target += alpha·gradient, layer by layer from the last; the target may be the parameters.
    private void ForwardBackward(ReadOnlySpan<float> parameters, Batch batch, Span<float> target, float alpha, Span<double> metricSums, Span<float> workspace)
    {
        int rows = batch.Rows;
        var delta = Forward(parameters, batch, workspace);
        double loss = CrossEntropy.SoftmaxBackward(delta, batch.Labels, ClassCount, out int correct);
        AddMetrics(metricSums, rows, correct, loss);

        int output = rows * _hiddenOutputs, gradients = rows * _outputs;
        for (int i = _layers.Length - 1; i > 0; i--)
        {
            var layer = _layers[i];
            int input = output - rows * layer.Inputs;
            var inputGradient = workspace.Slice(gradients, rows * layer.Inputs);
            layer.Backward(parameters, new RowView(workspace[input..output], []), _layers[i - 1].Activation, delta, inputGradient, target, alpha, rows);
            delta = inputGradient;
            output = input;
            gradients += inputGradient.Length;
        }

        _layers[0].Backward(parameters, new RowView(batch.Table, batch.TableRows), ActivationFunction.Linear, delta, default, target, alpha, rows);
    }

    // Fills the workspace with each layer's output; returns the last, the logits [rows×ClassCount].
    private Span<float> Forward(ReadOnlySpan<float> parameters, Batch batch, Span<float> workspace)
    {
        var input = new RowView(batch.Table, batch.TableRows);
        int offset = 0;
        Span<float> output = default;
        foreach (var layer in _layers)
        {
            output = workspace.Slice(offset, batch.Rows * layer.Outputs);
            layer.Forward(parameters, input, output, batch.Rows);
            input = new RowView(output, []);
            offset += output.Length;
        }

        return output;
    }

    private static void AddMetrics(Span<double> sums, int rows, int correct, double loss)
    {
        sums[0] += correct;
        sums[1] += rows;
        sums[2] += loss;
        sums[3] += rows;
        sums[4] += rows;
        sums[5]++;
    }

    private static IEnumerable<(string Name, ImmutableArray<int> Shape, bool Transposed)> Slices(DenseLayer layer, string name) =>
        [($"{name}/kernel", [layer.Inputs, layer.Outputs], true), ($"{name}/bias", [layer.Outputs], false)];
}
