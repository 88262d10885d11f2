using System.Globalization;

namespace FedPure.Benchmarks.Algorithms;

/// <summary>
/// Rounds to 85 % test accuracy of every algorithm on skewed digits. Each algorithm takes the settings of its list that are best on partitions of their own,
/// and is then measured on others. Written into docs/algorithms.md between two marks; nothing in it depends on the machine.
/// </summary>
internal static class AlgorithmTable
{
    private const string Begin = "<!-- measured: dotnet run -c Release --project benchmarks -- algorithms -->", End = "<!-- end -->";

    private static readonly int[] TuningSeeds = [101, 102], Seeds = [1, 2, 3, 4, 5];

    /// <summary>Measures, and rewrites the part of the file between its marks; 2 if the file or its marks are missing.</summary>
    public static int Run(string file)
    {
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, Math.Max(begin, 0), StringComparison.Ordinal);
        if (begin < 0 || end < 0)
        {
            Console.Error.WriteLine($"{file} has no line '{Begin}' followed by '{End}'; run this from the repository's root, or name the file.");
            return 2;
        }

        File.WriteAllText(file, text[..(begin + Begin.Length)] + "\n" + Measure() + text[end..]);
        return 0;
    }

    private static string Measure()
    {
        Dictionary<int, SkewedRun> data = TuningSeeds.Concat(Seeds).ToDictionary(seed => seed, seed => new SkewedRun(seed));
        var rows = new string[Contender.All.Length];
        string personal = "";
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var contender = Contender.All[i];
            var best = contender.Settings.MinBy(setting => Score([.. TuningSeeds.Select(seed => data[seed].Run(setting.Build))]));
            SkewedRun.Outcome[] outcomes = [.. Seeds.Select(seed => data[seed].Run(best.Build))];
            rows[i] = Row(contender.Name, best.Text, outcomes);
            if (outcomes[0].State.ClientWork is Learning.Algorithms.DittoState)
                personal = Personal([.. Seeds.Zip(outcomes, (seed, outcome) => data[seed].OwnAccuracy(outcome.State))]);
            Console.Error.WriteLine(rows[i]);
        });
        string last = $"accuracy, rounds {SkewedRun.Rounds - SkewedRun.LastRounds + 1} to {SkewedRun.Rounds}: mean (least to most)";
        return string.Create(CultureInfo.InvariantCulture, $"""

            | algorithm | settings | rounds to 85 %: median (least to most) | virtual seconds | {last} | worst of those rounds |
            |---|---|--:|--:|--:|--:|
            {string.Join('\n', rows)}

            {personal}


            """).ReplaceLineEndings("\n");
    }

    // Rounds to the target, and where it was not reached the more the further off.
    private static double Score(SkewedRun.Outcome[] outcomes) =>
        outcomes.Average(outcome => outcome.RoundsToTarget ?? SkewedRun.Rounds * (1 + SkewedRun.Target - outcome.Accuracy));

    private static string Row(string name, string settings, SkewedRun.Outcome[] outcomes)
    {
        double[] rounds = [.. outcomes.Select(outcome => outcome.RoundsToTarget ?? double.PositiveInfinity).Order()];
        double[] seconds = [.. outcomes.Select(outcome => outcome.VirtualSeconds).OfType<double>().Order()];
        double[] accuracies = [.. outcomes.Select(outcome => 100 * outcome.Accuracy).Order()];
        string accuracy = string.Create(CultureInfo.InvariantCulture, $"{accuracies.Average():F1} % ({accuracies[0]:F1} to {accuracies[^1]:F1})");
        string worst = string.Create(CultureInfo.InvariantCulture, $"{100 * outcomes.Min(outcome => outcome.WorstAccuracy):F1} %");
        return $"| {name} | {settings} | {Range(rounds, $"> {SkewedRun.Rounds}")} | {Range(seconds, "never")} | {accuracy} | {worst} |";
    }

    // Median, least and most of ascending numbers.
    private static string Range(double[] numbers, string never)
    {
        return numbers.Length == 0 ? "" : $"{Text(numbers[numbers.Length / 2])} ({Text(numbers[0])} to {Text(numbers[^1])})";

        string Text(double number) => double.IsFinite(number) ? number.ToString("F0", CultureInfo.InvariantCulture) : never;
    }

    private static string Personal((double Personal, double Global)[] own)
    {
        double[] personal = [.. own.Select(pair => 100 * pair.Personal)];
        string models = string.Create(CultureInfo.InvariantCulture, $"{personal.Average():F1} % ({personal.Min():F1} to {personal.Max():F1})");
        string global = string.Create(CultureInfo.InvariantCulture, $"{100 * own.Average(pair => pair.Global):F1} %");
        return $"On the clients' own test examples, of each client's own mix of labels, Ditto's personal models are right in {models}, "
            + $"its global model in {global}.";
    }
}
