using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>
/// A client's part of a round (McMahan et al., 2017, Algorithm 1, ClientUpdate): from the server's weights, one optimizer step a batch; the update is
/// server - client, a pseudo-gradient. One instance is the memory of one worker.
/// </summary>
internal sealed class LocalTraining(IModel model)
{
    private readonly BatchReader _reader = new();
    private readonly Memory<float> _parameters = AlignedMemory.Allocate(model.Layout.Length);
    private readonly double[] _metricSums = new double[MetricSums.AccumulatorCount(model.Metrics)];
    private readonly float[] _update = new float[model.Layout.TrainableLength];
    private Memory<float> _gradient, _workspace;
    private float[] _optimizerState = [];

    /// <summary>[Layout.TrainableLength]: the update of the last <see cref="Train"/>, server - client.</summary>
    public ReadOnlySpan<float> Update => _update;

    /// <summary>[Layout.Length]: the client's model after the last <see cref="Train"/>.</summary>
    public ReadOnlySpan<float> Parameters => _parameters.Span;

    /// <summary>The metric accumulators of the last call.</summary>
    public ReadOnlySpan<double> Metrics => _metricSums;

    /// <summary>Trains on a client. Returns the number of examples seen, repetitions included.</summary>
    public long Train(ReadOnlySpan<float> server, ClientDataset client, LocalRule rule, RandomKey key, CancellationToken cancellationToken)
    {
        var parameters = _parameters.Span;
        server.CopyTo(parameters);
        Array.Clear(_metricSums);
        long examples = 0;
        _reader.Begin(client, key);
        if (model is IFusedModel fused && rule is { Optimizer: Sgd { IsPlain: true } sgd, ProximalStrength: 0 })
        {
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                fused.Step(parameters, batch, sgd.LearningRate, _metricSums, Workspace(batch.Rows));
                examples += batch.Rows;
            }
        }
        else
        {
            BeginOptimizer(rule);
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step(server, parameters, batch, rule);
                examples += batch.Rows;
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(server[.._update.Length], parameters[.._update.Length], _update);
        return examples;
    }

    /// <summary>
    /// gradient ← the mean over the client's examples, repetitions included, of the loss' gradient at the server's weights; zeros without examples. The metrics are
    /// of the same pass. Returns the number of examples.
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

    private void Step(ReadOnlySpan<float> server, Span<float> parameters, Batch batch, LocalRule rule)
    {
        var gradient = Gradient;
        model.LossAndGradient(parameters, batch, gradient, _metricSums, Workspace(batch.Rows));
        if (rule.ProximalStrength != 0)
        {
            // The gradient of mu/2·|w - server|² by w.
            Vectors.AddScaled(parameters[..gradient.Length], rule.ProximalStrength, gradient);
            Vectors.AddScaled(server[..gradient.Length], -rule.ProximalStrength, gradient);
        }

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
