using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models.Heads;

namespace FedPure.Learning.Models;

/// <summary>
/// The metrics of a network in the order of a Keras model's: the user's, then loss, num_examples and num_batches, where the user has none of that name. The
/// loss is that of the predictions: penalties on weights are not in it.
/// </summary>
internal sealed class NetworkMetrics
{
    private readonly ImmutableArray<(PredictionMetric Metric, int Offset)> _observers;
    private readonly int _correct = -1, _loss, _examples = -1, _batches = -1;

    /// <param name="metrics">The user's.</param>
    /// <param name="correctIsCounted">Whether the loss counts the rows right, so that this metric need not look at them again.</param>
    public NetworkMetrics(ImmutableArray<PredictionMetric> metrics, bool correctIsCounted)
    {
        var all = ImmutableArray.CreateBuilder<Metric>();
        var observers = ImmutableArray.CreateBuilder<(PredictionMetric, int)>();
        int offset = 0;
        foreach (var metric in metrics)
        {
            if (metric.Name == "loss" || all.Any(other => other.Name == metric.Name))
                throw new ArgumentException(
                    $"There are two metrics named '{metric.Name}'; a metric's name can be changed by with {{ Name = ... }}.", nameof(metrics));
            if (metric is SparseCategoricalAccuracy && correctIsCounted && _correct < 0) _correct = offset;
            else observers.Add((metric, offset));
            Append(metric);
        }

        _loss = Append(Metric.Mean("loss"));
        if (metrics.All(metric => metric.Name != "num_examples")) _examples = Append(Metric.Count("num_examples"));
        if (metrics.All(metric => metric.Name != "num_batches")) _batches = Append(Metric.Count("num_batches"));
        All = all.ToImmutable();
        _observers = observers.ToImmutable();

        int Append(Metric metric)
        {
            all.Add(metric);
            offset += metric.AccumulatorCount;
            return offset - metric.AccumulatorCount;
        }
    }

    public ImmutableArray<Metric> All { get; }

    /// <summary>Adds a batch's predictions to the sums of the metrics that look at them.</summary>
    public void Add(ReadOnlySpan<float> predictions, in Batch batch, Span<double> sums)
    {
        foreach (var (metric, offset) in _observers) metric.Update(predictions, batch, sums.Slice(offset, metric.AccumulatorCount));
    }

    /// <summary>Adds a batch's loss and what is counted.</summary>
    public void Add(BatchLoss loss, int rows, Span<double> sums)
    {
        if (_correct >= 0)
        {
            sums[_correct] += loss.Correct.GetValueOrDefault();
            sums[_correct + 1] += rows;
        }

        sums[_loss] += loss.Sum;
        sums[_loss + 1] += rows;
        if (_examples >= 0) sums[_examples] += rows;
        if (_batches >= 0) sums[_batches]++;
    }
}
