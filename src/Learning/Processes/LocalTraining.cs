using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>
/// A client's part of a round (McMahan et al., 2017, Algorithm 1, ClientUpdate): from the server's weights, one optimizer step a batch; the update is
/// server - client, a pseudo-gradient. One instance is the memory of one worker.
/// </summary>
internal sealed class LocalTraining
{
    private readonly IModel _model;
    private readonly BatchReader _reader = new();
    private readonly Memory<float> _parameters;
    private readonly double[] _metricSums;
    private Memory<float> _gradient, _workspace;
    private float[] _optimizerState = [];

    public LocalTraining(IModel model)
    {
        _model = model;
        _parameters = AlignedMemory.Allocate(model.Layout.Length);
        _metricSums = new double[MetricSums.AccumulatorCount(model.Metrics)];
    }

    /// <summary>The update of the last <see cref="Train"/>; all zeros if it was not finite.</summary>
    public ReadOnlySpan<float> Update => _parameters.Span;

    /// <summary>The metric accumulators of the last <see cref="Train"/>; all zeros if its update was not finite.</summary>
    public ReadOnlySpan<double> Metrics => _metricSums;

    /// <summary>Trains on a client. Returns the number of examples seen, repetitions included, and whether the update is finite.</summary>
    public (long Examples, bool Finite) Train(ReadOnlySpan<float> server, ClientDataset client, IOptimizer optimizer, CancellationToken cancellationToken)
    {
        var parameters = _parameters.Span;
        server.CopyTo(parameters);
        Array.Clear(_metricSums);
        long examples = 0;
        _reader.Begin(client);
        if (_model is IFusedModel fused && optimizer is Sgd { IsPlain: true } sgd)
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
            BeginOptimizer(optimizer);
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _model.LossAndGradient(parameters, batch, _gradient.Span, _metricSums, Workspace(batch.Rows));
                optimizer.Step(_model.Layout, parameters, _gradient.Span, _optimizerState);
                examples += batch.Rows;
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(server, parameters, parameters);
        bool finite = Vectors.AllFinite(parameters);
        if (!finite)
        {
            parameters.Clear();
            Array.Clear(_metricSums);
        }

        return (examples, finite);
    }

    /// <summary>Adds a client's evaluation to <see cref="Metrics"/>, cleared first.</summary>
    public void Evaluate(ReadOnlySpan<float> server, ClientDataset client, CancellationToken cancellationToken)
    {
        Array.Clear(_metricSums);
        _reader.Begin(client);
        while (_reader.Read(out var batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _model.Evaluate(server, batch, _metricSums, Workspace(batch.Rows));
        }
    }

    private void BeginOptimizer(IOptimizer optimizer)
    {
        int length = optimizer.StateLength(_model.Layout);
        if (_optimizerState.Length != length) _optimizerState = new float[length];
        optimizer.InitializeState(_model.Layout, _optimizerState);
        if (_gradient.IsEmpty) _gradient = AlignedMemory.Allocate(_model.Layout.Length);
    }

    private Span<float> Workspace(int rows)
    {
        int length = _model.WorkspaceLength(rows);
        if (_workspace.Length < length) _workspace = AlignedMemory.Allocate(length);
        return _workspace.Span;
    }
}
