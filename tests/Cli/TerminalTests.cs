using System.Text.RegularExpressions;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>The program on a real pseudo terminal, where it finds out for itself what it may draw.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Endless = "train --rounds 1000000", Short = "train --rounds 100", Display = " left", Erase = "\u001b[2K", AnyColour = "\u001b[3";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(200)]
    public void Nothing_but_whole_lines_is_left_on_the_screen(int columns)
    {
        var (exitCode, shown) = PseudoTerminal.Run(Endless, columns, interruptAt: "/1000000");
        Assert.Equal(130, exitCode);
        Assert.Contains(Erase, shown, StringComparison.Ordinal);

        // Long lines of results wrap, as they should: what is compared is the text without blanks. The key's echo is where the cursor was.
        string text = Regex.Replace(string.Concat(Screen.Shown(shown, columns)), @"\s|\^C", "");
        Assert.Matches(@"^(round[0-9]+loss[0-9.]+accuracy[0-9.]+4,860examplesof10clients[0-9.]+ms)*Error:Therunwasinterrupted[^\x1b]*\.$", text);
    }

    [Fact]
    public void Ctrl_C_is_answered_below_the_lines_by_what_was_saved()
    {
        string model = _folder.File("m.f32");
        var (exitCode, shown) = PseudoTerminal.Run($"{Endless} --save-weights {model}", 200, Display);
        Assert.Equal(130, exitCode);
        Assert.Matches(
            $"^Error: The run was interrupted after round [0-9]+ of 1000000; the weights of that round are in {model}, and ", Screen.Shown(shown, 400)[^1]);
        Assert.True(File.Exists(model));
    }

    [Fact]
    public void Colours_are_left_out_where_they_are_not_wanted()
    {
        Assert.Contains(AnyColour, PseudoTerminal.Run(Endless, 100, Display).Shown, StringComparison.Ordinal);
        Assert.DoesNotContain(AnyColour, PseudoTerminal.Run(Endless, 100, Display, ("NO_COLOR", "1")).Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Short, "CI", "true")]
    [InlineData(Short, "TERM", "dumb")]
    [InlineData($"{Short} | cat", "CI", "")]
    [InlineData($"{Short} 2>&1 | cat", "CI", "")]
    [InlineData($"{Short} --json", "CI", "")]
    public void There_is_no_display_where_it_would_be_in_the_way(string command, string name, string value)
    {
        var (exitCode, shown) = PseudoTerminal.Run(command, 400, null, (name, value));
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(Erase, shown, StringComparison.Ordinal);
        Assert.Equal(103, Screen.Shown(shown, 4000).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" --json")]
    public void Results_that_go_into_a_file_leave_the_display_on_the_screen(string option)
    {
        string file = _folder.File("out");
        var (exitCode, shown) = PseudoTerminal.Run($"{Endless}{option} > {file}", 100, Display);
        Assert.Equal(130, exitCode);
        Assert.DoesNotContain('\u001b', File.ReadAllText(file));
        Assert.StartsWith("Error: The run was interrupted", Screen.Shown(shown, 400)[0], StringComparison.Ordinal);
    }
}
