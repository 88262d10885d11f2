using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// A rule that needs all updates of a round at once, and so keeps them until its end: clients × parameters × 4 bytes. It sees them in the order of their client
/// ids, so that the order in which they came cannot show. An update that is not finite is left out and counted, so that a broken or hostile client cannot end a
/// round by sending NaN; where weights count, so is one whose weight is not finite, and one of weight 0 is left out as in any weighted mean.
/// </summary>
/// <param name="weighted">
/// Whether clients count by their weights and not all alike. A weight is what a client says of itself: a hostile one says a large one.
/// </param>
public abstract class GatheringAggregator(bool weighted) : IAggregator
{
    private static readonly AggregatorState Stateless = new StatelessAggregator(StructureType.Empty);

    /// <inheritdoc/>
    public virtual int LeastUpdates => 1;

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => Stateless;

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new Aggregation(this, weighted);
    }

    /// <summary>Writes the aggregate of at least one update.</summary>
    /// <param name="updates">The updates, in the order of their client ids.</param>
    /// <param name="aggregate">All of it is to be written.</param>
    /// <param name="problem">Why there is no aggregate, as a clause; null if there is one.</param>
    /// <returns>What the rule reports beside the counts of updates.</returns>
    protected abstract MetricTree Combine(GatheredUpdates updates, Span<float> aggregate, out string? problem);

    private sealed class Aggregation(GatheringAggregator rule, bool weighted) : IAggregation
    {
        private readonly List<GatheredUpdate> _updates = [];
        private int _leftOut;

        public void Begin(AggregatorState state)
        {
            _updates.Clear();
            _leftOut = 0;
        }

        public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
        {
            if (weight < 0) throw new ArgumentOutOfRangeException(nameof(weight), weight, "A client's weight is at least 0.");
            if (!weighted) weight = 1;
            if (weight == 0) return;
            if (double.IsFinite(weight) && Vectors.AllFinite(update)) _updates.Add(new GatheredUpdate(clientId, update.ToArray(), weight));
            else _leftOut++;
        }

        public void Merge(IAggregation other)
        {
            var that = (Aggregation)other;
            _updates.AddRange(that._updates);
            that._updates.Clear();
            _leftOut += that._leftOut;
        }

        public AggregationResult Complete(Span<float> aggregate)
        {
            GatheredUpdate[] updates = [.. _updates];
            _updates.Clear();
            Array.Sort(updates, GatheredUpdate.Compare);
            string? problem = _leftOut > 0 ? "no client has a finite update" : "there are no updates";
            var own = updates.Length == 0 ? MetricTree.Empty : rule.Combine(new GatheredUpdates(updates), aggregate, out problem);
            var measurements = new MetricTree(
            [
                new("update_count", new MetricValue(MetricType.Int32, updates.Length)),
                new("left_out_count", new MetricValue(MetricType.Int32, _leftOut)),
                .. own.Entries,
            ]);
            return new AggregationResult(Stateless, measurements, problem);
        }
    }
}
