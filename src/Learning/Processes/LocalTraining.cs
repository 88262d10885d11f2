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
    private readonly float[] _parameters;
    private readonly double[] _metricSums;
    private float[] _gradient = [], _optimizerState = [], _workspace = [];

    public LocalTraining(IModel model)
    {
        _model = model;
        _parameters = new float[model.Layout.Length];
        _metricSums = new double[MetricSums.AccumulatorCount(model.Metrics)];
    }

    /// <summary>The update of the last <see cref="Train"/>; all zeros if it was not finite.</summary>
    public ReadOnlySpan<float> Update => _parameters;

    /// <summary>The metric accumulators of the last <see cref="Train"/>; all zeros if its update was not finite.</summary>
    public ReadOnlySpan<double> Metrics => _metricSums;

    /// <summary>Trains on a client. Returns the number of examples seen, repetitions included, and whether the update is finite.</summary>
    public (long Examples, bool Finite) Train(ReadOnlySpan<float> server, ClientDataset client, IOptimizer optimizer, CancellationToken cancellationToken)
    {
        server.CopyTo(_parameters);
        Array.Clear(_metricSums);
        long examples = 0;
        _reader.Begin(client);
        if (_model is IFusedModel fused && optimizer is Sgd { IsPlain: true } sgd)
        {
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                fused.Step(_parameters, batch, sgd.LearningRate, _metricSums, Workspace(batch.Rows));
                examples += batch.Rows;
            }
        }
        else
        {
            BeginOptimizer(optimizer);
            while (_reader.Read(out var batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _model.LossAndGradient(_parameters, batch, _gradient, _metricSums, Workspace(batch.Rows));
                optimizer.Step(_model.Layout, _parameters, _gradient, _optimizerState);
                examples += batch.Rows;
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(server, _parameters, _parameters);
        bool finite = Vectors.AllFinite(_parameters);
        if (!finite)
        {
            Array.Clear(_parameters);
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
        Array.Clear(_optimizerState);
        if (_gradient.Length == 0) _gradient = new float[_model.Layout.Length];
    }

    private Span<float> Workspace(int rows)
    {
        int length = _model.WorkspaceLength(rows);
        if (_workspace.Length < length) _workspace = new float[length];
        return _workspace;
    }
}
