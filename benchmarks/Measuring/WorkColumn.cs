using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace FedPure.Benchmarks.Measuring;

/// <summary>A column that relates a benchmark's mean time to the work of its parameter; absent where no benchmark of the table has such work.</summary>
public sealed class WorkColumn(string name, string legend, string format, Func<IWork, double> work, Func<double, double, double> value) : IColumn
{
    public static WorkColumn[] All { get; } =
    [
        new("GFLOP/s", "Floating-point operations a nanosecond, a multiply-add counted as two", "F1", work => work.Flop, (flop, ns) => flop / ns),
        new(
            "% of peak", "GFLOP/s over those of the multiply-add loop (PeakFma) in the same run", "F0", work => work.Flop,
            (flop, ns) => 100 * flop / ns / PeakFma.Gflops),
        new("ns/element", "Mean time over the elements of the input", "F3", work => work.Elements, (elements, ns) => ns / elements),
        new("GB/s", "Bytes of the input, each counted once, a nanosecond", "F1", work => work.Bytes, (bytes, ns) => bytes / ns),
    ];

    public string Id => $"{nameof(WorkColumn)}.{name}";

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    /// <summary>GFLOP/s of a report.</summary>
    public static double Flops(BenchmarkReport report) => Find(report.BenchmarkCase).Sum(work => work.Flop) / report.ResultStatistics!.Mean;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(one => Find(one).Any(found => work(found) > 0));

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        double amount = Find(benchmarkCase).Sum(work);
        var statistics = summary[benchmarkCase]?.ResultStatistics;
        double result = statistics is null || amount == 0 ? double.NaN : value(amount, statistics.Mean);
        return double.IsFinite(result) ? result.ToString(format, CultureInfo.InvariantCulture) : "-";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    private static IEnumerable<IWork> Find(BenchmarkCase benchmarkCase) => benchmarkCase.Parameters.Items.Select(item => item.Value).OfType<IWork>();
}
