using FedPure.Cli.Output;
using FedPure.Learning.Metrics;
using Spectre.Console;
using Spectre.Console.Testing;

namespace FedPure.Cli;

public sealed class LiveLineTests
{
    private const string Erase = "\r\u001b[2K";

    [Fact]
    public void A_line_of_results_is_written_where_the_display_was_erased()
    {
        // Both streams end on one screen here, as in a terminal.
        using var screen = new TestConsole().SupportsAnsi(true).EmitAnsiSequences().Width(80);
        var terminal = new Terminal(screen.Profile.Out.Writer, screen.Profile.Out.Writer, () => screen);
        using (var display = (LiveLine)terminal.Show(new StillProgress(0.5, "half"))!)
        {
            display.Draw();
            terminal.Print("result");
            display.Draw();
            terminal.Warn("careful");
            display.Draw();
        }

        string[] parts = screen.Output.Split(Erase);
        Assert.Equal(4, parts.Length);
        Assert.EndsWith("half", parts[0], StringComparison.Ordinal);
        Assert.StartsWith("result\n", parts[1], StringComparison.Ordinal);
        Assert.StartsWith("Warning: careful\n", parts[2], StringComparison.Ordinal);
        Assert.Equal("", parts[3]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(200)]
    public void The_line_never_fills_the_width_of_the_screen(int width)
    {
        using var screen = new TestConsole().Width(width);
        using (var display = new LiveLine(screen, new StillProgress(1, "round 1000/1000  loss 0.1234  accuracy 0.9876"), new Lock())) display.Draw();
        Assert.InRange(screen.Output.Trim('\r', '\n').Length, 1, width - 1);
        Assert.DoesNotContain('\n', screen.Output);
    }

    [Fact]
    public void Without_a_screen_there_is_no_display()
    {
        using StringWriter output = new(), error = new();
        Assert.Null(new Terminal(output, error).Show(new StillProgress(0, "")));
        Assert.Null(new Terminal(output, error, () => null).Show(new StillProgress(0, "")));
    }

    [Fact]
    public void Progress_tells_round_loss_accuracy_speed_and_time_left()
    {
        var progress = new TrainingProgress(4);
        Assert.Equal((0, "round 1/4"), progress.Now());
        var train = new MetricTree(
            ("sparse_categorical_accuracy", new MetricValue(MetricType.Float32, 0.5)), ("loss", new MetricValue(MetricType.Float32, 1.25)), ("num_examples", new MetricValue(MetricType.Int64, 7)));
        progress.Add(new RoundEvent(1, 10, 0.1, new MetricTree(("client_work", new MetricTree(("train", train))))));
        var (done, text) = progress.Now();
        Assert.Equal(0.25, done);
        Assert.Matches(@"^round 1/4  loss 1\.2500  accuracy 0\.5000  [0-9,]+ clients/s  [0-9]+:[0-9]{2} left$", text);
    }

    private sealed record StillProgress(double Done, string Text) : IProgressLine
    {
        public (double Done, string Text) Now() => (Done, Text);
    }
}
