using System.Globalization;
using System.Text.RegularExpressions;
using FedPure.Tensors;

namespace FedPure.Repository;

/// <summary>
/// Compares what a document says is printed with what is. Times are not compared. In the fused class of arithmetic, in which the documents were written, every
/// figure is the same; elsewhere sums round otherwise, where figures agree to a relative 1e-5, some ten times what the golden runs differ by, and hashes are
/// not compared.
/// </summary>
internal static partial class PrintedLines
{
    private const string AnyLines = "...";
    private const double Tolerance = 1e-5;

    public static void AssertAre(string expected, string printed)
    {
        string[] lines = Lines(printed);
        int at = 0;
        bool skipping = false;
        foreach (string line in Lines(expected))
        {
            if (line == AnyLines)
            {
                skipping = true;
                continue;
            }

            int found = skipping ? Array.FindIndex(lines, at, candidate => Same(line, candidate)) : at;
            Assert.True(found >= 0 && found < lines.Length, $"'{line}' is not printed after:\n{string.Join('\n', lines.Take(at))}");
            Assert.True(Same(line, lines[found]), $"The document says\n{line}\nbut this is printed:\n{lines[found]}");
            (at, skipping) = (found + 1, false);
        }

        Assert.True(skipping || at == lines.Length, $"The document does not say that this is printed:\n{string.Join('\n', lines.Skip(at))}");
    }

    private static bool Same(string expected, string printed)
    {
        (expected, printed) = (Times().Replace(expected, "#"), Times().Replace(printed, "#"));
        if (Arithmetic.Class == ArithmeticClass.Fused) return expected == printed;
        (expected, printed) = (Hashes().Replace(expected, "#"), Hashes().Replace(printed, "#"));
        return Fractions().Replace(expected, "#") == Fractions().Replace(printed, "#")
            && Numbers(expected).Zip(Numbers(printed)).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * Math.Abs(pair.First));
    }

    private static IEnumerable<double> Numbers(string line) =>
        Fractions().Matches(line).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\d+\.\d+ m?s\b")]
    private static partial Regex Times();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hashes();

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Fractions();
}
