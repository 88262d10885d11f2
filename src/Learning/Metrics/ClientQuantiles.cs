using System.Collections.Immutable;
using System.Globalization;

namespace FedPure.Learning.Metrics;

/// <summary>
/// Quantiles over the clients of each metric's value on a single client, so that clients whom a model serves badly can be seen behind a good mean (Li et al.,
/// Fair resource allocation in federated learning, ICLR 2020). A quantile q of n values is that at place q·(n - 1) in order, interpolated linearly. Clients
/// without data (all accumulators 0) are left out, and so are those with a NaN, which num_nan_clients counts; metrics that are arrays have no quantiles.
/// </summary>
public sealed record ClientQuantiles : IMetricsAggregator
{
    /// <summary>min, p10, median, p90, max.</summary>
    public ClientQuantiles()
        : this(0, 0.1, 0.5, 0.9, 1)
    {
    }

    /// <summary>The quantiles of these levels.</summary>
    /// <param name="levels">In [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A level lies outside [0, 1].</exception>
    public ClientQuantiles(params ReadOnlySpan<double> levels)
    {
        foreach (double level in levels)
        {
            if (level is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(levels), level, "The level of a quantile lies in [0, 1].");
        }

        Levels = [.. levels];
    }

    /// <summary>In [0, 1].</summary>
    public ImmutableArray<double> Levels { get; }

    /// <inheritdoc/>
    public IMetricsAggregation Begin(ImmutableArray<Metric> metrics) => new Aggregation(metrics, Levels);

    private static string Name(double level) =>
        level switch { 0 => "min", 0.5 => "median", 1 => "max", _ => "p" + (100 * level).ToString("0.####", CultureInfo.InvariantCulture) };

    private sealed class Aggregation(ImmutableArray<Metric> metrics, ImmutableArray<double> levels) : IMetricsAggregation
    {
        private readonly List<double>?[] _values = new List<double>?[metrics.Length];
        private int _clients, _nanClients;

        public void Clear()
        {
            Array.Clear(_values);
            (_clients, _nanClients) = (0, 0);
        }

        public void Add(string clientId, ReadOnlySpan<double> accumulators)
        {
            if (!accumulators.ContainsAnyExcept(0.0)) return;
            var values = new double?[metrics.Length];
            bool nan = false;
            for (int i = 0, offset = 0; i < metrics.Length; offset += metrics[i++].AccumulatorCount)
            {
                values[i] = (metrics[i].Measure(accumulators.Slice(offset, metrics[i].AccumulatorCount)) as MetricValue)?.Value;
                nan |= values[i] is double.NaN;
            }

            _clients += nan ? 0 : 1;
            _nanClients += nan ? 1 : 0;
            for (int i = 0; i < values.Length && !nan; i++)
            {
                if (values[i] is { } value) (_values[i] ??= []).Add(value);
            }
        }

        public void Merge(IMetricsAggregation other)
        {
            var that = (Aggregation)other;
            _clients += that._clients;
            _nanClients += that._nanClients;
            for (int i = 0; i < _values.Length; i++)
            {
                if (that._values[i] is { } values) (_values[i] ??= []).AddRange(values);
            }
        }

        public MetricTree Report()
        {
            var tree = ImmutableArray.CreateBuilder<KeyValuePair<string, MetricNode>>();
            for (int i = 0; i < metrics.Length; i++)
            {
                if (_values[i] is not { } values) continue;
                var sorted = values.Order().ToArray();
                tree.Add(new(metrics[i].Name, new MetricTree([.. levels.Select(level =>
                    new KeyValuePair<string, MetricNode>(Name(level), new MetricValue(MetricType.Float32, Quantile(sorted, level))))])));
            }

            tree.Add(new("num_clients", new MetricValue(MetricType.Int32, _clients)));
            tree.Add(new("num_nan_clients", new MetricValue(MetricType.Int32, _nanClients)));
            return new MetricTree(tree.ToImmutable());
        }

        private static double Quantile(double[] sorted, double level)
        {
            double place = level * (sorted.Length - 1);
            int below = (int)place;
            double rest = place - below;
            return rest == 0 ? sorted[below] : sorted[below] + rest * (sorted[below + 1] - sorted[below]);
        }
    }
}
