using System.Collections.Immutable;

namespace FedPure.Reporting.Report;

/// <summary>A setting, version or hash in which runs differ.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Values">Its value in each run; null where a run does not have it.</param>
public sealed record RunDifference(string Setting, ImmutableArray<string?> Values);

/// <summary>A metric of several runs after their last rounds.</summary>
/// <param name="Name">Its name, such as loss.</param>
/// <param name="Table">Where it was measured.</param>
/// <param name="Values">Its last value in each run; null where a run does not have it.</param>
public sealed record FinalMetric(string Name, RunTableId Table, ImmutableArray<double?> Values);

/// <summary>Several runs beside each other: what they came to, and in what they differ.</summary>
/// <param name="Runs">The runs; their names should tell them apart.</param>
public sealed record RunComparison(ImmutableArray<RunRecord> Runs)
{
    /// <summary>
    /// The runs of files, as <see cref="ReportFile"/> reads them; those of one name have the names of their folders before it, and numbers behind it if these
    /// do not tell them apart.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read, or is no run.</exception>
    public static RunComparison Read(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var read = paths.SelectMany(
            path => ReportFile.Read(path).Select(run => (Run: run, Folder: Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))))).ToList();
        foreach (var same in read.GroupBy(file => file.Run.Description.Name).Where(same => same.Select(file => file.Folder).Distinct().Count() > 1).ToList())
        {
            foreach (var (run, folder) in same) Rename(run, $"{folder}/{same.Key}");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (run, _) in read)
        {
            string name = run.Description.Name;
            for (int count = 2; !names.Add(run.Description.Name); count++) Rename(run, $"{name} ({count})");
        }

        return new RunComparison([.. read.Select(file => file.Run)]);

        static void Rename(RunRecord run, string name) => run.Description = run.Description with { Name = name };
    }

    /// <summary>The settings in which the runs differ, in the order of the command's options; runs whose settings are unknown do not count.</summary>
    public ImmutableArray<RunDifference> Differences
    {
        get
        {
            var settings = Runs.Select(run => run.Description.Settings.ToDictionary()).ToArray();
            return
            [
                .. from name in Runs.SelectMany(run => run.Description.Settings).Select(setting => setting.Key).Distinct()
                   let values = settings.Select(known => known.GetValueOrDefault(name)).ToImmutableArray()
                   where values.Where((_, i) => settings[i].Count > 0).Distinct().Count() > 1
                   select new RunDifference(name, values),
            ];
        }
    }

    /// <summary>Whether all runs have come to the same weights, bit for bit; false if those of one are unknown.</summary>
    public bool HaveSameWeights => Runs.All(run => run.WeightsSha256 is { } hash && hash == Runs[0].WeightsSha256);

    /// <summary>The measures that are no counts: of evaluations, or of training if no run was evaluated.</summary>
    public ImmutableArray<FinalMetric> FinalMetrics
    {
        get
        {
            var tables = Runs.SelectMany(run => run.Tables).Select(table => table.Id).Where(id => !id.OverClients).Distinct().ToList();
            string kind = tables.Any(id => id.Kind == RunTableId.Evaluation) ? RunTableId.Evaluation : RunTableId.Train;
            return
            [
                .. from id in tables
                   where id.Kind == kind
                   from name in Runs.SelectMany(run => run.Table(id)?.Columns ?? []).Distinct()
                   where !name.StartsWith("num_", StringComparison.Ordinal) && !name.Contains('/')
                   select new FinalMetric(name, id, [.. Runs.Select(run => run.Table(id)?.Last(name))]),
            ];
        }
    }

    /// <summary>The page that lays the runs over each other.</summary>
    public ReportPage ToPage(string command = "") => new(new RunDescription($"{Runs.Length} runs compared", command)) { Runs = Runs };
}
