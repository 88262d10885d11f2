using System.Text;
using Spectre.Console;

namespace FedPure.Cli.Output;

/// <summary>
/// One line of progress on a terminal, redrawn ten times a second. A single line that can be erased, rather than a region that Spectre.Console keeps drawing,
/// since results are written between two drawings by another stream.
/// </summary>
internal sealed class LiveLine : IDisposable
{
    private const int LeastBar = 5, WidestBar = 20, LeastCurve = 5, WidestCurve = 16;
    private const string Gap = "  ";
    private const string EraseLine = "\r\u001b[2K";

    // The terminal cuts a line off rather than wrap it, should its window be narrower than we were told: a wrapped line could not be erased.
    private const string NoWrap = "\u001b[?7l", Wrap = "\u001b[?7h";
    private const string Green = "\u001b[32m", Cyan = "\u001b[36m", Grey = "\u001b[90m", Default = "\u001b[39m";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _screen;
    private readonly IProgressLine _progress;
    private readonly Lock _gate;
    private readonly Timer _timer;
    private string _line = "";
    private bool _isDrawn, _hasEnded;

    public LiveLine(IAnsiConsole screen, IProgressLine progress, Lock gate)
    {
        (_screen, _progress, _gate) = (screen, progress, gate);
        _timer = new Timer(_ => Draw(), null, Interval, Interval);
    }

    /// <summary>Draws the line anew.</summary>
    public void Draw()
    {
        lock (_gate)
        {
            // A timer may fire once more after it was disposed.
            if (_hasEnded) return;
            _line = Compose(_progress.Now(), _screen.Profile.Width, _screen.Profile.Capabilities);
            _isDrawn = true;
            Write($"{EraseLine}{NoWrap}{_line}{Wrap}");
        }
    }

    /// <summary>
    /// Lets a line of text be written where this one stands, and shows it again below as it was, which costs less than to draw it; the caller holds the lock.
    /// </summary>
    public void MakeWay(Action writeLine)
    {
        bool wasDrawn = _isDrawn;
        Erase();
        writeLine();
        if (!wasDrawn || _hasEnded) return;
        Write($"{NoWrap}{_line}{Wrap}");
        _isDrawn = true;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Erase();
            _hasEnded = true;
        }

        _timer.Dispose();
    }

    // One column stays free: a cursor behind the last one is where terminals differ. What a window has room for is, in this order: the parts by rank, the
    // curve, the bar.
    private static string Compose(ProgressReading reading, int width, Capabilities screen)
    {
        int room = Math.Max(0, width - 1), used = 0;
        var shown = new HashSet<int>();
        foreach (var part in reading.Parts.OrderBy(part => part.Rank))
        {
            int needed = part.Text.Length + (shown.Count == 0 ? 0 : Gap.Length);
            if (shown.Count > 0 && used + needed > room) break;
            used += needed;
            shown.Add(part.Rank);
        }

        int left = room - used, curve = screen.Unicode && left > LeastCurve && reading.Parts.Any(part => part.HasCurve && shown.Contains(part.Rank))
            ? Math.Min(WidestCurve, left - 1) : 0;
        string spark = curve > 0 ? Sparkline.Draw(reading.Curve.AsSpan(), curve) : "";
        left -= spark.Length > 0 ? spark.Length + 1 : 0;
        var line = new StringBuilder();
        if (left > LeastBar) AppendBar(line, reading.Done, Math.Min(WidestBar, left - 1), screen);
        string gap = "";
        foreach (var part in reading.Parts.Where(part => shown.Contains(part.Rank)))
        {
            line.Append(gap).Append(part.Text.Length <= room ? part.Text : part.Text[..room]);
            if (part.HasCurve && spark.Length > 0) line.Append(' ').Append(Coloured(spark, Cyan, screen));
            gap = Gap;
        }

        return line.ToString();
    }

    private static void AppendBar(StringBuilder line, double done, int length, Capabilities screen)
    {
        int filled = (int)Math.Round(Math.Clamp(done, 0, 1) * length);
        var (full, empty) = screen.Unicode ? ('━', '─') : ('#', '-');
        line.Append(Coloured(new string(full, filled), Green, screen)).Append(Coloured(new string(empty, length - filled), Grey, screen)).Append(' ');
    }

    private static string Coloured(string text, string colour, Capabilities screen) =>
        screen.ColorSystem == ColorSystem.NoColors || text.Length == 0 ? text : $"{colour}{text}{Default}";

    private void Erase()
    {
        if (_isDrawn) Write(EraseLine);
        _isDrawn = false;
    }

    // In one piece, so that nothing of another process comes between. A terminal that has gone away is no reason to end a run.
    private void Write(string text)
    {
        try
        {
            _screen.Profile.Out.Writer.Write(text);
            _screen.Profile.Out.Writer.Flush();
        }
        catch (IOException)
        {
            (_isDrawn, _hasEnded) = (false, true);
        }
    }
}
