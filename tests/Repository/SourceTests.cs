using System.Globalization;
using System.Text.RegularExpressions;

namespace FedPure.Repository;

/// <summary>What .editorconfig asks of the source and no formatter checks.</summary>
public sealed partial class SourceTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("samples")]
    [InlineData("benchmarks")]
    public void Lines_are_no_wider_than_editorconfig_says(string folder)
    {
        string root = TestData.Repository.Root;
        int width = int.Parse(Width().Match(File.ReadAllText(Path.Combine(root, ".editorconfig"))).Groups[1].Value, CultureInfo.InvariantCulture);
        string[] files = Directory.GetFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > width
            select $"{Path.GetRelativePath(root, file)}:{line.Number} has {line.Text.Length} columns");
    }

    [GeneratedRegex("^max_line_length = ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex Width();
}
