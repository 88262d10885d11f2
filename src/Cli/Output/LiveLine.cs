using Spectre.Console;

namespace FedPure.Cli.Output;

/// <summary>What a <see cref="LiveLine"/> shows at this moment; asked from a timer's thread.</summary>
internal interface IProgressLine
{
    /// <summary>How much of the work is done, 0 to 1, and the rest of the line.</summary>
    (double Done, string Text) Now();
}

/// <summary>
/// One line of progress on a terminal, redrawn ten times a second. A single line that can be erased, rather than a region that Spectre.Console keeps drawing, since
/// results are written between two drawings by another stream.
/// </summary>
internal sealed class LiveLine : IDisposable
{
    private const int LeastBar = 5, WidestBar = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly ControlCode EraseLine = new("\r\u001b[2K");

    private readonly IAnsiConsole _screen;
    private readonly IProgressLine _progress;
    private readonly Lock _gate;
    private readonly Timer _timer;
    private bool _drawn, _ended;

    public LiveLine(IAnsiConsole screen, IProgressLine progress, Lock gate)
    {
        (_screen, _progress, _gate) = (screen, progress, gate);
        _timer = new Timer(_ => Draw(), null, Interval, Interval);
    }

    /// <summary>The standard error if it is a terminal that can erase a line, and no build server's; else null.</summary>
    public static IAnsiConsole? OpenStandardError()
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("CI") is { Length: > 0 }) return null;
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return screen.Profile.Capabilities.Ansi ? screen : null;
    }

    /// <summary>Draws the line anew.</summary>
    public void Draw()
    {
        lock (_gate)
        {
            // A timer may fire once more after it was disposed.
            if (_ended) return;
            var (done, text) = _progress.Now();

            // One column stays free: a line that fills the width would wrap, and a wrapped line cannot be erased.
            int room = Math.Max(0, _screen.Profile.Width - 1), bar = Math.Min(WidestBar, room - text.Length - 1);
            Erase();
            if (bar >= LeastBar)
            {
                int filled = (int)Math.Round(Math.Clamp(done, 0, 1) * bar);
                _screen.Markup($"[green]{new string('━', filled)}[/][grey]{new string('━', bar - filled)}[/] ");
            }

            _screen.Write(new Text(text.Length <= room ? text : text[..room]));
            _drawn = true;
        }
    }

    /// <summary>Clears the line; the caller holds the lock.</summary>
    public void Erase()
    {
        if (!_drawn) return;
        _screen.Write(EraseLine);
        _drawn = false;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Erase();
        }

        _timer.Dispose();
    }
}
