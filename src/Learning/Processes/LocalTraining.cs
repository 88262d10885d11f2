using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>What a client went through.</summary>
/// <param name="Examples">Examples seen, repetitions included.</param>
/// <param name="Steps">Optimizer steps, one a batch.</param>
internal readonly record struct LocalWork(long Examples, long Steps);

/// <summary>
/// A client's part of a round (McMahan et al., 2017, Algorithm 1, ClientUpdate): from the weights that it starts from, mostly the server's, one optimizer step
/// a batch; the update is start - end, a pseudo-gradient. One instance is the memory of one worker.
/// </summary>
internal sealed class LocalTraining(IModel model)
{
    private readonly BatchReader _reader = new();
    private readonly Memory<float> _parameters = AlignedMemory.Allocate(model.Layout.Length);
    private readonly double[] _metricSums = new double[MetricSums.AccumulatorCount(model.Metrics)];
    private readonly float[] _update = new float[model.Layout.TrainableLength];
    private Memory<float> _gradient, _workspace;
    private float[] _optimizerState = [];

    /// <summary>[Layout.TrainableLength]: the update of the last <see cref="Train"/>, start - end.</summary>
    public ReadOnlySpan<float> Update => _update;

    /// <summary>[Layout.Length]: the client's model after the last <see cref="Train"/>.</summary>
    public ReadOnlySpan<float> Parameters => _parameters.Span;

    /// <summary>The metric accumulators of the last call.</summary>
    public ReadOnlySpan<double> Metrics => _metricSums;

    /// <summary>The value of the metric of that name among those of the last call.</summary>
    public double Measure(string name)
    {
        int offset = 0;
        foreach (var metric in model.Metrics)
        {
            if (metric.Name == name) return metric.Finalizer(_metricSums.AsSpan(offset, metric.AccumulatorCount));
            offset += metric.AccumulatorCount;
        }

        throw new ArgumentException($"The model has no metric named '{name}'.", nameof(name));
    }

    /// <summary>Multiplies the update of the last <see cref="Train"/>.</summary>
    public void ScaleUpdate(float factor) => Vectors.Scale(factor, _update);

    /// <summary>Trains on a client from the weights <paramref name="start"/> [Layout.Length].</summary>
    public LocalWork Train(ReadOnlySpan<float> start, ClientDataset client, LocalRule rule, RandomKey key, CancellationToken cancellationToken)
    {
        var parameters = _parameters.Span;
        start.CopyTo(parameters);
        Array.Clear(_metricSums);
        long examples = 0, steps = 0;
        _reader.Begin(client, key);
        if (model is IFusedModel fused && rule.IsPlain)
        {
            float learningRate = rule.Optimizer.LearningRate;
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                fused.Step(parameters, batch, learningRate, _metricSums, Workspace(batch.Rows));
                examples += batch.Rows;
                steps++;
            }
        }
        else
        {
            BeginOptimizer(rule);
            var center = rule.ProximalCenter.IsEmpty ? start[.._update.Length] : rule.ProximalCenter;
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step(center, parameters, batch, rule);
                examples += batch.Rows;
                steps++;
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(start[.._update.Length], parameters[.._update.Length], _update);
        return new LocalWork(examples, steps);
    }

    /// <summary>
    /// gradient ← the mean over the client's examples, repetitions included, of the loss' gradient at the server's weights; zeros without examples. The metrics
    /// are of the same pass. Returns the number of examples.
    /// </summary>
    public long FullGradient(ReadOnlySpan<float> server, ClientDataset client, Span<float> gradient, RandomKey key, CancellationToken cancellationToken)
    {
        gradient.Clear();
        Array.Clear(_metricSums);
        long examples = 0;
        _reader.Begin(client, key);
        while (_reader.Read(out var batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.LossAndGradient(server, batch, Gradient, _metricSums, Workspace(batch.Rows));
            Vectors.AddScaled(Gradient, batch.Rows, gradient);
            examples += batch.Rows;
        }

        if (examples > 0) Vectors.Scale(1f / examples, gradient);
        return examples;
    }

    /// <summary>Adds a client's evaluation to <see cref="Metrics"/>, cleared first.</summary>
    public void Evaluate(ReadOnlySpan<float> server, ClientDataset client, CancellationToken cancellationToken)
    {
        Array.Clear(_metricSums);
        _reader.Begin(client);
        while (_reader.Read(out var batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Evaluate(server, batch, _metricSums, Workspace(batch.Rows));
        }
    }

    private void Step(ReadOnlySpan<float> center, Span<float> parameters, Batch batch, LocalRule rule)
    {
        var gradient = Gradient;
        model.LossAndGradient(parameters, batch, gradient, _metricSums, Workspace(batch.Rows));
        if (rule.ProximalStrength != 0)
        {
            // The gradient of mu/2·|w - center|² by w.
            Vectors.AddScaled(parameters[..gradient.Length], rule.ProximalStrength, gradient);
            Vectors.AddScaled(center, -rule.ProximalStrength, gradient);
        }

        if (!rule.Correction.IsEmpty) Vectors.AddScaled(rule.Correction, 1f, gradient);
        if (rule.IsStateFrozen) rule.OptimizerState.CopyTo(_optimizerState);
        rule.Optimizer.Step(model.Layout.Trainable, parameters[..gradient.Length], gradient, _optimizerState);
    }

    private Span<float> Gradient
    {
        get
        {
            if (_gradient.IsEmpty) _gradient = AlignedMemory.Allocate(model.Layout.TrainableLength);
            return _gradient.Span;
        }
    }

    private void BeginOptimizer(LocalRule rule)
    {
        int length = rule.Optimizer.StateLength(model.Layout.Trainable);
        if (_optimizerState.Length != length) _optimizerState = new float[length];
        rule.Optimizer.InitializeState(model.Layout.Trainable, _optimizerState);
    }

    private Span<float> Workspace(int rows)
    {
        int length = model.WorkspaceLength(rows);
        if (_workspace.Length < length) _workspace = AlignedMemory.Allocate(length);
        return _workspace.Span;
    }
}
