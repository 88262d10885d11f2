using FedPure.Cli.Output;
using FedPure.Cli.Support;
using Spectre.Console;
using Spectre.Console.Testing;

namespace FedPure.Cli;

public sealed class LiveLineTests
{
    private const string Everything = "━━━━━━━━━━────────── round 50/100  loss 0.5000 █▇▆▅▄▃▂▁  acc 0.8765  12,345 clients/s  0:07 left";

    private static readonly ProgressReading Reading = new(
        0.5,
        [new("round 50/100", 1), new("loss 0.5000", 2, HasCurve: true), new("acc 0.8765", 3), new("12,345 clients/s", 5), new("0:07 left", 4)],
        [8, 7, 6, 5, 4, 3, 2, 1]);

    [Theory]
    [InlineData(200, Everything)]
    [InlineData(97, Everything)]
    [InlineData(96, "━━━━━━━━━━───────── round 50/100  loss 0.5000 █▇▆▅▄▃▂▁  acc 0.8765  12,345 clients/s  0:07 left")]
    [InlineData(80, "round 50/100  loss 0.5000 █▇▆▅▄▃▂▁  acc 0.8765  12,345 clients/s  0:07 left")]
    [InlineData(73, "round 50/100  loss 0.5000 █▆▅▃▁  acc 0.8765  12,345 clients/s  0:07 left")]
    [InlineData(72, "round 50/100  loss 0.5000  acc 0.8765  12,345 clients/s  0:07 left")]
    [InlineData(60, "round 50/100  loss 0.5000 █▇▆▅▄▃▂▁  acc 0.8765  0:07 left")]
    [InlineData(40, "round 50/100  loss 0.5000  acc 0.8765")]
    [InlineData(30, "round 50/100  loss 0.5000")]
    [InlineData(20, "━━━─── round 50/100")]
    [InlineData(13, "round 50/100")]
    [InlineData(8, "round 5")]
    [InlineData(1, "")]
    public void A_window_shows_what_it_has_room_for(int width, string line) => Assert.Equal(line.Length == 0 ? [] : [line], Screen.Shown(Drawn(width), width));

    [Fact]
    public void No_width_makes_the_line_wrap()
    {
        for (int width = 1; width <= 250; width++)
        {
            string line = Screen.Shown(Drawn(width), 1000).SingleOrDefault("");
            Assert.InRange(line.Length, 0, width - 1);
            if (width > "round 50/100".Length) Assert.Contains("round 50/100", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_window_narrower_than_it_says_cuts_the_line_off()
    {
        string[] rows = Screen.Shown(Drawn(200) + "\r\u001b[2K" + new string('-', 50), 40);
        Assert.Equal([new string('-', 40), new string('-', 10)], rows);
    }

    [Fact]
    public void A_screen_without_colours_or_blocks_gets_neither()
    {
        string plain = Drawn(200, screen => screen.Colors(ColorSystem.NoColors));
        Assert.DoesNotContain("\u001b[3", plain, StringComparison.Ordinal);
        Assert.Equal([Everything], Screen.Shown(plain, 200));
        string ascii = Drawn(200, screen => screen.Profile.Capabilities.Unicode = false);
        Assert.Equal(["##########---------- round 50/100  loss 0.5000  acc 0.8765  12,345 clients/s  0:07 left"], Screen.Shown(ascii, 200));
    }

    [Fact]
    public void Lines_of_results_scroll_by_above_the_display()
    {
        // Both streams end on one screen here, as in a terminal.
        using var console = Open(80);
        var terminal = new Terminal(console.Profile.Out.Writer, console.Profile.Out.Writer, () => console);
        var screen = new Screen(80);
        using (var display = (LiveLine)terminal.Show(new Still(Reading))!)
        {
            terminal.Print("before it is drawn");
            display.Draw();
            terminal.Print("result");
            terminal.Warn("careful");
            screen.Write(console.Output);
            Assert.Equal(["before it is drawn", "result", "Warning: careful"], screen.Rows[..3]);
            Assert.StartsWith("round 50/100", Assert.Single(screen.Rows[3..]), StringComparison.Ordinal);
        }

        terminal.Print("summary");
        Assert.Equal(["before it is drawn", "result", "Warning: careful", "summary"], Screen.Shown(console.Output, 80));
    }

    [Fact]
    public void Nothing_of_the_display_goes_to_the_standard_output()
    {
        using var console = Open(80);
        using var output = new StringWriter();
        var terminal = new Terminal(output, console.Profile.Out.Writer, () => console);
        using var display = (LiveLine)terminal.Show(new Still(Reading))!;
        display.Draw();
        terminal.Print("result");
        Assert.Equal("result", output.ToString().Trim());
    }

    [Fact]
    public void Results_that_go_into_a_file_leave_the_display_alone()
    {
        using var console = Open(80);
        using var file = new StringWriter();
        var terminal = new Terminal(file, console.Profile.Out.Writer, () => console, OutputIsOnScreen: false);
        using var display = (LiveLine)terminal.Show(new Still(Reading))!;
        display.Draw();
        string drawn = console.Output;
        terminal.Print("result");
        Assert.Equal(drawn, console.Output);
        Assert.Equal("result", file.ToString().Trim());
    }

    [Fact]
    public void A_screen_that_goes_away_does_not_end_the_run()
    {
        using var console = Open(80);
        using var gone = new BrokenWriter();
        console.Profile.Out = new AnsiConsoleOutput(gone);
        using var display = new LiveLine(console, new Still(Reading), new Lock());
        display.Draw();
        Assert.Equal(1, gone.Writes);
        display.Draw();
        Assert.Equal(1, gone.Writes);
    }

    [Fact]
    public void Without_a_screen_there_is_no_display()
    {
        using StringWriter output = new(), error = new();
        Assert.Null(new Terminal(output, error).Show(new Still(Reading)));
        Assert.Null(new Terminal(output, error, () => null).Show(new Still(Reading)));
    }

    private static string Drawn(int width, Action<TestConsole>? set = null)
    {
        using var console = Open(width);
        set?.Invoke(console);
        using var display = new LiveLine(console, new Still(Reading), new Lock());
        display.Draw();
        return console.Output;
    }

    private static TestConsole Open(int width) => new TestConsole().SupportsAnsi(true).EmitAnsiSequences().Width(width);

    private sealed record Still(ProgressReading Reading) : IProgressLine
    {
        public ProgressReading Now() => Reading;
    }

    private sealed class BrokenWriter : StringWriter
    {
        public int Writes { get; private set; }

        public override void Write(string? value)
        {
            Writes++;
            throw new IOException("The terminal is gone.");
        }
    }
}
