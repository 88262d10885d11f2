using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using FedPure.Tensors;

namespace FedPure.Benchmarks.Measuring;

/// <summary>results/CPU/CLASS.md: what it ran on, then BenchmarkDotNet's table. No page names a path or a host.</summary>
internal static partial class ResultPages
{
    public static void Write(string folder, string title, IReadOnlyList<Summary> summaries, string[] remarks)
    {
        string processor = Processor(summaries[0]),
            slug = NotInSlug().Replace($"{processor}{Family()}-{Arithmetic.VectorBits}-bit".ToLowerInvariant(), "-").Trim('-');
        string target = Path.Combine(folder, slug);
        Directory.CreateDirectory(target);
        foreach (var summary in summaries)
        {
            string name = summary.BenchmarksCases[0].Descriptor.Type.Name;
            string page = Header($"{title}: {name}", processor, remarks) + Table(summary);
            File.WriteAllText(Path.Combine(target, $"{title}.{name}.md"), page);
        }

        Console.WriteLine($"{summaries.Count} pages in {target}");
    }

    private static string Header(string title, string processor, string[] remarks)
    {
        string widths = string.Join(
            ", ", Arithmetic.AcceleratedVectorBits.ToArray().Select(bits => bits switch { 512 => "AVX-512", 256 => "AVX2", _ => "128 bits" }));
        List<string> lines =
        [
            $"# {title}",
            "",
            $"- CPU: {processor}{Family()}, {Environment.ProcessorCount} cores; accelerated: {(widths.Length > 0 ? widths : "none")}; arithmetic class: "
                + $"{Arithmetic.Class}",
            $"- {RuntimeInformation.OSDescription.Split('#')[0].Trim()}, {RuntimeInformation.ProcessArchitecture}; "
                + $"{RuntimeInformation.FrameworkDescription}; {DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
            $"- {string.Join(", ", Packages())}",
            $"- Peak of one core, a loop of multiply-adds in the same run: {PeakFma.Gflops.ToString("F1", CultureInfo.InvariantCulture)} GFLOP/s",
            .. remarks.Select(remark => $"- {remark}"),
        ];
        return string.Join('\n', lines) + "\n\n";
    }

    // The block above BenchmarkDotNet's table says what the header says, and less.
    private static string Table(Summary summary)
    {
        var logger = new AccumulationLogger();
        MarkdownExporter.GitHub.ExportToLog(summary, logger);
        var lines = logger.GetLog().Split('\n').Select(line => line.TrimEnd()).Where(line => line.StartsWith('|'));
        return string.Join('\n', lines) + "\n";
    }

    private static string Processor(Summary summary) =>
        summary.HostEnvironmentInfo.Cpu.Value?.ProcessorName?.Trim() is { Length: > 0 } name ? name : "unknown CPU";

    // Virtual machines give processors of several generations one name: family and model tell them apart (CPUID 1, as /proc/cpuinfo counts them).
    private static string Family()
    {
        if (!X86Base.IsSupported) return "";
        int signature = X86Base.CpuId(1, 0).Eax, family = signature >> 8 & 0xF, model = signature >> 4 & 0xF;
        if (family is 6 or 15) model += (signature >> 16 & 0xF) << 4;
        if (family == 15) family += signature >> 20 & 0xFF;
        return $" (family {family}, model {model})";
    }

    private static IEnumerable<string> Packages() =>
        from metadata in typeof(ResultPages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        where metadata.Key.StartsWith("Package:", StringComparison.Ordinal)
        select $"{metadata.Key["Package:".Length..]} {metadata.Value}";

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInSlug();
}
