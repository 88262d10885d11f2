using System.Globalization;
using System.Text.RegularExpressions;

namespace FedPure.Repository;

/// <summary>What README promises beyond what <see cref="DocumentTests"/> ask of every document.</summary>
public partial class ReadmeTests
{
    [Fact]
    public void The_tutorial_in_README_has_at_most_twenty_lines()
    {
        string code = new MarkdownDocument("README.md").Source("Program.cs");
        Assert.InRange(code.Split('\n').Count(line => line.Length > 0 && !line.StartsWith("using", StringComparison.Ordinal)), 1, 20);
    }

    [Fact]
    public void The_tutorial_prints_TensorFlow_Federated_s_numbers()
    {
        var lines = Programs.Run(Programs.Beside("Tutorial.dll")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, lines.Length);

        // From tests/golden/tutorial/tutorial.json: rounds 1 and 10, and the evaluation of round 10 on test data.
        AssertLine(lines[0], 0.267283946f, 2.45241833f, 4860);
        AssertLine(lines[9], 0.775514424f, 0.752456605f, 4860);
        AssertLine(lines[10], 0.790322602f, 0.802803397f, 124);
    }

    private static void AssertLine(string line, float accuracy, float loss, int examples)
    {
        var match = Metrics().Match(line);
        Assert.True(match.Success, line);
        Assert.Equal(accuracy, float.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(loss, float.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), 2e-6 * loss);
        Assert.Equal(examples, int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"sparse_categorical_accuracy: ([\d.]+), loss: ([\d.]+), num_examples: (\d+)")]
    private static partial Regex Metrics();
}
