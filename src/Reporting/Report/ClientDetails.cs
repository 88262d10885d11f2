using System.Collections.Immutable;
using FedPure.Learning.Metrics;

namespace FedPure.Reporting.Report;

/// <summary>
/// The detail of single clients that a report shows, as an addition to a process's or an evaluation's metrics: quantiles over the clients, and each client's
/// own. It changes no other metric and no weight; <see cref="Without"/> leaves what there would be without it.
/// </summary>
public static class ClientDetails
{
    private const string Quantiles = "client_quantiles", Clients = "metrics_by_client";

    /// <summary>The clients' summed metrics with the detail added; give it to the process and to the evaluation.</summary>
    public static IMetricsAggregator Aggregator { get; } = new MetricsWithDetail(
        new MetricsWithDetail(new SumThenFinalize(), Quantiles, new ClientQuantiles()), Clients, new MetricsByClient());

    /// <summary>The metrics without the detail, wherever it stands in the tree.</summary>
    public static MetricTree Without(MetricTree metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new MetricTree(
        [
            .. metrics.Entries.Where(entry => entry.Key is not (Quantiles or Clients))
                .Select(entry => entry.Value is MetricTree branch ? KeyValuePair.Create<string, MetricNode>(entry.Key, Without(branch)) : entry),
        ]);
    }

    /// <summary>Quantiles over the clients of each measure that is no count, as loss/median; empty where the metrics have no detail.</summary>
    internal static IEnumerable<KeyValuePair<string, double>> QuantilesOf(MetricTree metrics) =>
        from entry in Detail(metrics, Quantiles)
        where entry.Value is MetricTree && IsMeasure(metrics, entry.Key)
        from leaf in MetricLeaf.Of((MetricTree)entry.Value)
        select KeyValuePair.Create($"{entry.Key}/{leaf.Name}", leaf.Value);

    /// <summary>How many clients the quantiles are without, because a metric of theirs is NaN; 0 where the metrics have no detail.</summary>
    internal static int NanClientsOf(MetricTree metrics) =>
        Detail(metrics, Quantiles).FirstOrDefault(entry => entry.Key == "num_nan_clients").Value is MetricValue count ? (int)count.Value : 0;

    /// <summary>Each client's own values of each measure that is no count; empty where the metrics have no detail.</summary>
    internal static IEnumerable<(string ClientId, string Metric, double Value)> ClientsOf(MetricTree metrics) =>
        from client in Detail(metrics, Clients)
        from leaf in MetricLeaf.Of((MetricTree)client.Value)
        where IsMeasure(metrics, leaf.Path[0])
        select (client.Key, leaf.Name, leaf.Value);

    private static bool IsMeasure(MetricTree metrics, string name) =>
        metrics.Entries.Any(entry => entry.Key == name && entry.Value is MetricValue { Type: MetricType.Float32 });

    private static ImmutableArray<KeyValuePair<string, MetricNode>> Detail(MetricTree metrics, string name) =>
        metrics.Entries.FirstOrDefault(entry => entry.Key == name).Value is MetricTree detail ? detail.Entries : [];
}
