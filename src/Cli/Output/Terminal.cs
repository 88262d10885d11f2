using Spectre.Console;

namespace FedPure.Cli.Output;

/// <summary>
/// The two streams that a user sees. Lines and the live display go through one lock, and the display is erased before a line is written: the streams may end on the
/// same screen.
/// </summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Everything else.</param>
/// <param name="OpenDisplay">Opens the screen for a live display; null, or a result of null, for none.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Func<IAnsiConsole?>? OpenDisplay = null)
{
    private readonly Lock _gate = new();
    private Action? _eraseDisplay;

    /// <summary>Writes a line of results.</summary>
    public void Print(string line) => WriteLine(Output, line);

    /// <summary>Writes what the user should know although the run goes on.</summary>
    public void Warn(string sentence) => WriteLine(Error, $"Warning: {sentence}");

    /// <summary>Writes why the run ended.</summary>
    public void Complain(string sentence) => WriteLine(Error, $"Error: {sentence}");

    /// <summary>Keeps a line of progress below the others, where there is a screen, until the returned value is disposed.</summary>
    public IDisposable? Show(IProgressLine progress)
    {
        if (OpenDisplay?.Invoke() is not { } screen) return null;
        var display = new LiveLine(screen, progress, _gate);
        _eraseDisplay = display.Erase;
        return display;
    }

    private void WriteLine(TextWriter writer, string line)
    {
        lock (_gate)
        {
            _eraseDisplay?.Invoke();
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
