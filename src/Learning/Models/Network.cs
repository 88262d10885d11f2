using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models.Heads;
using FedPure.Learning.Models.Layers;

namespace FedPure.Learning.Models;

/// <summary>
/// Layers one after the other under a head. Workspace for a batch of rows: each layer's output, then each one's gradient but the last's, which takes the place
/// of the output, then the head's scratch, then each layer's.
/// </summary>
internal sealed class Network : IFusedModel
{
    private readonly ImmutableArray<Layer> _layers;
    private readonly Head _head;
    private readonly NetworkMetrics _metrics;
    private readonly RandomKey _key;
    private readonly int _outputs;
    private readonly bool _isRandom;

    public Network(int featureCount, long seed, ImmutableArray<Layer> layers, Head head, IReadOnlyList<PredictionMetric>? metrics)
    {
        _layers = FuseRelu(layers);
        _head = head;
        _metrics = new NetworkMetrics(metrics is null ? head.DefaultMetrics : [.. metrics], head.CountsCorrect);
        _key = RandomKey.FromSeed(seed).Fold("initial weights");
        _outputs = layers.Sum(layer => layer.Outputs);
        _isRandom = layers.Any(layer => layer.IsRandom);
        FeatureCount = featureCount;
        Layout = new ParameterLayout(
            layers.Where(layer => layer.ParameterCount > 0).SelectMany((layer, index) => layer.Slices(index == 0 ? "dense" : $"dense_{index}")));
    }

    public ParameterLayout Layout { get; }

    public int FeatureCount { get; }

    public int TargetCount => _head.TargetCount(Columns);

    public ImmutableArray<Metric> Metrics => _metrics.All;

    private int Columns => _layers[^1].Outputs;

    public int WorkspaceLength(int batchSize)
    {
        int length = checked(batchSize * (2 * _outputs - Columns) + _head.ScratchLength(batchSize * Columns));
        foreach (var layer in _layers) length = checked(length + layer.ScratchLength(batchSize));
        return length;
    }

    public void Initialize(Span<float> parameters)
    {
        ulong index = 0;
        foreach (var layer in _layers)
        {
            if (layer.ParameterCount > 0) layer.Initialize(parameters, _key.Fold(index++));
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
        var outputs = Forward(parameters, batch, workspace, training: false, out _);
        var scratch = HeadScratch(batch.Rows, workspace);
        _metrics.Add(_head.Predict(outputs, scratch, Columns), batch, metricSums);
        _metrics.Add(_head.Evaluate(outputs, batch, scratch, Columns), batch.Rows, metricSums);
    }

    // A dense layer after one with ReLU takes that ReLU's way back into its own product.
    private static ImmutableArray<Layer> FuseRelu(ImmutableArray<Layer> layers)
    {
        var fused = layers.ToBuilder();
        for (int i = 1; i < fused.Count; i++)
        {
            if (fused[i - 1] is not DenseLayer { Activation: ActivationFunction.Relu } relu || fused[i] is not DenseLayer next) continue;
            fused[i - 1] = relu with { ReluIsPassed = true };
            fused[i] = next with { PassesThroughRelu = true };
        }

        return fused.ToImmutable();
    }

    // target += alpha·gradient, layer by layer from the last; the target may be the parameters.
    private void ForwardBackward(
        ReadOnlySpan<float> parameters, in Batch batch, Span<float> target, float alpha, Span<double> metricSums, Span<float> workspace)
    {
        if (_isRandom && batch.Key == default)
            throw new InvalidOperationException("Dropout draws its masks from Batch.Key, which is not set; begin the BatchReader with a key.");
        int rows = batch.Rows;
        var delta = Forward(parameters, batch, workspace, training: true, out int scratch);
        var headScratch = HeadScratch(rows, workspace);
        _metrics.Add(_head.Predict(delta, headScratch, Columns), batch, metricSums);
        _metrics.Add(_head.Backward(delta, batch, headScratch, Columns), rows, metricSums);

        int output = rows * (_outputs - Columns), gradients = rows * _outputs;
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            int scratchLength = layer.ScratchLength(rows), input = i > 0 ? output - rows * layer.Inputs : 0;
            scratch -= scratchLength;
            var view = i > 0 ? new RowView(workspace[input..output], []) : Input(batch);
            var inputGradient = i > 0 ? workspace.Slice(gradients, rows * layer.Inputs) : [];
            var pass = new LayerPass(parameters, view, workspace.Slice(output, rows * layer.Outputs), workspace.Slice(scratch, scratchLength), rows);
            layer.Backward(pass, delta, inputGradient, target, alpha);
            delta = inputGradient;
            output = input;
            gradients += inputGradient.Length;
        }
    }

    // Fills the workspace with each layer's output; returns the last, [rows×Columns], and where the scratch of all layers ends.
    private Span<float> Forward(ReadOnlySpan<float> parameters, in Batch batch, Span<float> workspace, bool training, out int scratch)
    {
        _head.Check(batch, Columns);
        int rows = batch.Rows, offset = 0;
        scratch = rows * (2 * _outputs - Columns) + _head.ScratchLength(rows * Columns);
        var input = Input(batch);
        Span<float> output = default;
        for (int i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            int scratchLength = layer.ScratchLength(rows);
            output = workspace.Slice(offset, rows * layer.Outputs);
            layer.Forward(
                new LayerPass(parameters, input, output, workspace.Slice(scratch, scratchLength), rows),
                training && layer.IsRandom ? batch.Key.Fold((ulong)i) : null);
            input = new RowView(output, []);
            offset += output.Length;
            scratch += scratchLength;
        }

        return output;
    }

    private RowView Input(in Batch batch) => _layers[0].ReadsListedRows ? new RowView(batch.Table, batch.TableRows) : new RowView(batch.Features, []);

    private Span<float> HeadScratch(int rows, Span<float> workspace) => workspace.Slice(rows * (2 * _outputs - Columns), _head.ScratchLength(rows * Columns));
}
