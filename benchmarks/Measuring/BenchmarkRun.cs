using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace FedPure.Benchmarks.Measuring;

/// <summary>
/// Measures the peak, then runs what the arguments select, and writes a page a class if asked to: <c>--results FOLDER</c>, the rest is BenchmarkDotNet's.
/// </summary>
internal static class BenchmarkRun
{
    private const string ResultsOption = "--results";

    private const int NothingSelected = 3;

    /// <summary>
    /// 0 if every benchmark that was selected has a result, 1 if one has none, 3 if the arguments select none here. BenchmarkDotNet itself reports success even
    /// when it dropped them all.
    /// </summary>
    public static int Start(Assembly assembly, string[] arguments, IConfig config, string title, params string[] remarks)
    {
        string? folder = null;
        if (arguments is [ResultsOption, var given, .. var rest]) (folder, arguments) = (given, rest);
        bool runs = !arguments.Any(argument => argument is "--list" or "--help" or "--version" or "--info");
        List<Summary> summaries = [];
        if (runs)
        {
            var peak = BenchmarkRunner.Run<PeakFma>(config);
            PeakFma.Remember(peak);
            summaries.Add(peak);
        }

        var types = assembly.GetTypes().Where(
            type => type != typeof(PeakFma) && type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute)))).ToArray();
        summaries.AddRange(BenchmarkSwitcher.FromTypes(types).Run(arguments, config));
        foreach (string remark in remarks) Console.WriteLine(remark);
        if (!runs) return 0;
        if (summaries.Count < 2)
        {
            Console.Error.WriteLine("No benchmark of this project was selected.");
            return NothingSelected;
        }

        int missing = summaries.Sum(summary => summary.BenchmarksCases.Count(one => summary[one]?.ResultStatistics is null));
        if (missing > 0 || summaries.Any(summary => summary.BenchmarksCases.Length == 0 || summary.HasCriticalValidationErrors))
        {
            Console.Error.WriteLine($"{missing} benchmarks gave no result.");
            return 1;
        }

        if (folder is not null) ResultPages.Write(folder, title, summaries, remarks);
        return 0;
    }
}
