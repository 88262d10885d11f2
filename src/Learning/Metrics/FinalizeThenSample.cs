using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Learning.Metrics;

/// <summary>
/// Each metric's values of single clients, of up to <paramref name="SampleSize"/> of them, in an array over clients, as TensorFlow Federated's
/// finalize_then_sample. A client's place in line is a hash of the seed, its id and its accumulators, and the first ones are taken: a uniform sample without
/// replacement that depends on neither the order of the clients nor on who added them. The arrays of all metrics name the same clients in the same order.
/// </summary>
/// <param name="SampleSize">Clients reported at most; at least 1.</param>
/// <param name="Seed">Of the sample.</param>
public sealed record FinalizeThenSample(int SampleSize = 100, long Seed = 0) : IMetricsAggregator
{
    /// <summary>At least 1.</summary>
    public int SampleSize { get; init; } = SampleSize >= 1
        ? SampleSize : throw new ArgumentOutOfRangeException(nameof(SampleSize), SampleSize, "At least 1 client is sampled.");

    /// <inheritdoc/>
    public IMetricsAggregation Begin(ImmutableArray<Metric> metrics) => new Aggregation(metrics, SampleSize, RandomKey.FromSeed(Seed).Fold("metrics/sample"));

    private sealed class Aggregation(ImmutableArray<Metric> metrics, int size, RandomKey key) : IMetricsAggregation
    {
        // By place in line. Two clients of one place are the same in id and accumulators, but for a chance of 2^-64; the count tells how many there are.
        private readonly SortedDictionary<ulong, (double[] Accumulators, int Count)> _first = [];
        private int _clients;

        public void Clear()
        {
            _first.Clear();
            _clients = 0;
        }

        public void Add(string clientId, ReadOnlySpan<double> accumulators)
        {
            var place = key.Fold(clientId);
            foreach (double value in accumulators) place = place.Fold(BitConverter.DoubleToUInt64Bits(value));
            Add(place.Value, accumulators, 1);
        }

        public void Merge(IMetricsAggregation other)
        {
            foreach (var (place, (accumulators, count)) in ((Aggregation)other)._first) Add(place, accumulators, count);
        }

        public MetricTree Report()
        {
            var sample = _first.Values.SelectMany(client => Enumerable.Repeat(client.Accumulators, client.Count)).Take(size).ToArray();
            var tree = ImmutableArray.CreateBuilder<KeyValuePair<string, MetricNode>>(metrics.Length);
            int offset = 0;
            foreach (var metric in metrics)
            {
                var values = sample.Select(accumulators => metric.Measure(accumulators.AsSpan(offset, metric.AccumulatorCount))).ToArray();
                tree.Add(new(metric.Name, Stack(metric, values)));
                offset += metric.AccumulatorCount;
            }

            return new MetricTree(tree.MoveToImmutable());
        }

        // Drops the last place in line as soon as those before it fill the sample.
        private void Add(ulong place, ReadOnlySpan<double> accumulators, int count)
        {
            if (_first.TryGetValue(place, out var same)) _first[place] = (same.Accumulators, same.Count + count);
            else _first.Add(place, (accumulators.ToArray(), count));
            _clients += count;
            while (_clients > size && _first.Last() is var last && _clients - last.Value.Count >= size)
            {
                _first.Remove(last.Key);
                _clients -= last.Value.Count;
            }
        }

        private static MetricArray Stack(Metric metric, MetricNode[] values)
        {
            var shape = values.OfType<MetricArray>().FirstOrDefault()?.Shape ?? [];
            return new MetricArray(
                metric.Type, [values.Length, .. shape], [.. values.SelectMany(node => node is MetricArray array ? array.Values : [((MetricValue)node).Value])]);
        }
    }
}
