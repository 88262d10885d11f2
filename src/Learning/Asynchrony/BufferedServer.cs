using System.Collections.Immutable;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Asynchrony;

/// <summary>The server of a round: it takes results in the order of their arrival, and updates its model each time that its buffer is full.</summary>
internal sealed class BufferedServer
{
    private const string NoWeight = "the results in a buffer weigh nothing";

    private readonly IModel _model;
    private readonly AsynchronousRule _rule;
    private readonly IAggregation _aggregation;
    private readonly IMetricsAggregation _metrics;
    private readonly RoundPlan _plan;
    private readonly float[] _update;
    private readonly ImmutableArray<string>.Builder _nonFinite = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<string, int> _sendings = [];
    private readonly ServerState _before;
    private ServerState _state;
    private MetricTree? _measurements;
    private double _weights, _factors;
    private int _buffered, _updates, _refused;
    private string? _problem;
    private RefusedUpdates? _refusedInPart;

    public BufferedServer(IModel model, AsynchronousRule rule, IAggregator aggregator, IMetricsAggregator metrics, ServerState state, RoundPlan plan)
    {
        (_model, _rule, _before, _state, _plan, _update) = (model, rule, state, state, plan, new float[model.Layout.TrainableLength]);
        _aggregation = aggregator.CreateAggregation(model.Layout.Trainable);
        _metrics = metrics.Begin(model.Metrics);
        _metrics.Clear();
        _aggregation.Begin(state.Aggregator);
    }

    /// <summary>Takes a result. One that is not finite fills its place in the buffer, but is no part of what the buffer comes to.</summary>
    public void Take(Arrival arrival, ClientResults result)
    {
        string id = arrival.Running.Client.ClientId;
        if (result.IsFinite)
        {
            double weight = _rule.Weighting == ClientWeighting.Uniform ? 1 : result.Examples, factor = _rule.Staleness.At(arrival.Staleness);
            int sending = _sendings.GetValueOrDefault(id);
            _sendings[id] = sending + 1;
            _aggregation.Add(id, result.Update, weight * factor, sending);
            _metrics.Add(id, result.MetricSums);
            _weights += weight;
            _factors += weight * factor;
        }
        else
        {
            _nonFinite.Add(id);
        }

        if (++_buffered == _rule.BufferSize) Update(arrival.Running.From.Weights);
    }

    /// <summary>What came of the round.</summary>
    public RoundResult End()
    {
        var staleness = _plan.Arrivals.Select(arrival => arrival.Staleness).ToArray();
        var work = (AsynchronousState)_before.ClientWork;
        var metrics = new MetricTree(
            ("distributor", MetricTree.Empty),
            ("client_work", new MetricTree(
            [
                .. work.Rule.Measure(_before.Round, _metrics.Report()),
                Entry("arrivals", MetricType.Int32, staleness.Length),
                Entry("dropped", MetricType.Int32, _plan.Dropped),
                Entry("mean_staleness", MetricType.Float32, staleness.Length == 0 ? 0 : staleness.Average()),
                Entry("max_staleness", MetricType.Int32, staleness.DefaultIfEmpty().Max()),
                Entry("simulated_seconds", MetricType.Float32, _plan.State.Seconds),
            ])),
            ("aggregator", _measurements ?? _aggregation.Complete(_update).Measurements),
            (
                "finalizer",
                new MetricTree(
                    [Entry("update_non_finite", MetricType.Int32, _updates == 0 ? 1 : _refused), Entry("version", MetricType.Int32, _plan.State.Version)])));
        return new RoundResult(_state with { ClientWork = _plan.State, Round = _before.Round + 1 }, metrics)
        {
            NonFiniteClients = _nonFinite.ToImmutable(),
            Arrivals = [.. _plan.Arrivals.Select(arrival => arrival.Running.Client.ClientId)],
            Problem = _updates > _refused ? null : _problem ?? _plan.Standstill,
            RefusedInPart = _updates > _refused ? _refusedInPart : null,
        };
    }

    private void Update(ModelWeights start)
    {
        var aggregated = _aggregation.Complete(_update);

        // An aggregator may do without weights, such as a median; the mean of the staleness factors does not.
        string? problem = aggregated.Problem ?? (_weights > 0 ? null : NoWeight);
        var next = _state;
        if (problem is null)
        {
            _rule.ToGradient(_update, _factors / _weights, start, _state.GlobalModelWeights);
            if (!ServerPart.TryStep(_model, _state, _update, out next)) problem = ServerPart.StepProblem;
        }

        _state = next with { Aggregator = problem is null ? aggregated.State : aggregated.StateIfUnused };
        _problem ??= problem;
        if (problem is not null && _sendings.Count > 0)
            _refusedInPart = new RefusedUpdates(1 + (_refusedInPart?.Count ?? 0), _refusedInPart?.Reason ?? problem);
        if (problem is not null) _refused++;
        _plan.Versions[++_updates].Reach(_state.GlobalModelWeights);
        _measurements = Together(_measurements, aggregated.Measurements);
        (_buffered, _weights, _factors) = (0, 0, 0);
        _sendings.Clear();
        _aggregation.Begin(_state.Aggregator);
    }

    // Counts, such as those of bytes, add up over the updates of a round; of everything else the last is reported.
    private static MetricTree Together(MetricTree? before, MetricTree last) => before is null ? last : new MetricTree(
        [.. before.Entries.Zip(last.Entries, (x, y) => KeyValuePair.Create(y.Key, (x.Value, y.Value) switch
        {
            (MetricTree one, MetricTree other) => Together(one, other),
            (MetricValue { Type: not MetricType.Float32 } one, MetricValue { Type: not MetricType.Float32 } other) =>
                new MetricValue(other.Type, one.Value + other.Value),
            var (_, other) => other,
        }))]);

    private static KeyValuePair<string, MetricNode> Entry(string name, MetricType type, double value) => new(name, new MetricValue(type, value));
}
