using System.Globalization;
using System.Text.RegularExpressions;

namespace FedPure.Repository;

/// <summary>What README shows is compiled and run, and what it says the output is, is the output.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(TestData.Repository.Root, "README.md"));

    [Fact]
    public void TheTutorialInReadmeIsTheSampleThatIsCompiled()
    {
        string code = Assert.Single(CSharpBlocks().Matches(Readme)).Groups[1].Value;
        string sample = File.ReadAllText(Path.Combine(TestData.Repository.Root, "samples", "Tutorial", "Program.cs"));
        Assert.Equal(sample, code);
        Assert.InRange(code.Split('\n').Count(line => line.Length > 0 && !line.StartsWith("using", StringComparison.Ordinal)), 1, 20);
    }

    [Fact]
    public void TheTutorialPrintsTensorFlowFederatedsNumbers()
    {
        string output = Programs.Run("Tutorial.dll");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, lines.Length);

        // From tests/golden/tutorial/tutorial.json: rounds 1 and 10, and the evaluation of round 10 on test data.
        AssertLine(lines[0], 0.267283946f, 2.45241833f, 4860);
        AssertLine(lines[9], 0.775514424f, 0.752456605f, 4860);
        AssertLine(lines[10], 0.790322602f, 0.802803397f, 124);
    }

    [Fact]
    public void EveryFileThatReadmeLinksToExists()
    {
        var links = Links().Matches(Readme).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(TestData.Repository.Root, link)), link));
    }

    private static void AssertLine(string line, float accuracy, float loss, int examples)
    {
        var match = Metrics().Match(line);
        Assert.True(match.Success, line);
        Assert.Equal(accuracy, float.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(loss, float.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), 2e-6 * loss);
        Assert.Equal(examples, int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlocks();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"sparse_categorical_accuracy: ([\d.]+), loss: ([\d.]+), num_examples: (\d+)")]
    private static partial Regex Metrics();
}
