using FedPure.Learning.Metrics;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Passes updates within the bound on as they are and replaces the others; counts both, and tells the bound at the end of the round. Counts are integers, so
/// nothing depends on the order of the clients.
/// </summary>
internal abstract class NormBoundAggregation(NormBoundNames names, NormBound bound, IAggregation inner) : IAggregation
{
    private AggregatorState? _boundState;
    private float _limit, _estimate;
    private int _beyond, _below, _finite;

    public void Begin(AggregatorState state)
    {
        var own = (NormBoundState)state;
        inner.Begin(own.Inner);
        _boundState = own.Bound;
        (_limit, _estimate) = (bound.Report(own.Bound), bound.Estimate(own.Bound));
        (_beyond, _below, _finite) = (0, 0, 0);
    }

    public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
    {
        float norm = Norm(update);
        bool finite = float.IsFinite(norm);
        if (finite) _finite++;
        if (finite && norm <= _estimate) _below++;

        // Written so that a NaN, which compares false with everything, is beyond every bound.
        bool within = finite && norm <= _limit;
        if (!within) _beyond++;
        inner.Add(clientId, within ? update : Replace(update, norm, _limit), weight, sending);
    }

    public void Merge(IAggregation other)
    {
        var that = (NormBoundAggregation)other;
        inner.Merge(that.Inner);
        _beyond += that._beyond;
        _below += that._below;
        _finite += that._finite;
    }

    public AggregationResult Complete(Span<float> aggregate)
    {
        if (_boundState is null) throw new InvalidOperationException("Complete ends a round that Begin has started.");
        var result = inner.Complete(aggregate);

        // A round whose norms say nothing leaves the bound as it is; upstream, 0/0 makes it NaN for good.
        var next = _finite == 0 ? _boundState : bound.Next(_boundState, _below, _finite);
        var measurements = new MetricTree(
            (names.Rule, result.Measurements),
            (names.Norm, new MetricValue(MetricType.Float32, _limit)),
            (names.Count, new MetricValue(MetricType.Int32, _beyond)));
        return new AggregationResult(new NormBoundState(names, next, result.State), measurements, result.Problem)
        {
            StateIfUnused = new NormBoundState(names, next, result.StateIfUnused),
        };
    }

    private IAggregation Inner => inner;

    protected abstract float Norm(ReadOnlySpan<float> update);

    /// <summary>What stands for an update whose norm is beyond the limit or not finite.</summary>
    protected abstract ReadOnlySpan<float> Replace(ReadOnlySpan<float> update, float norm, float limit);
}
