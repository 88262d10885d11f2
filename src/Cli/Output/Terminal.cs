using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace FedPure.Cli.Output;

/// <summary>
/// The two streams that a user sees. Lines and the live display go through one lock, and a line that is written to the display's screen goes above it. Nothing
/// of the display goes to the standard output, which may be another terminal than that of the standard error.
/// </summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Everything else.</param>
/// <param name="OpenDisplay">Opens the screen for a live display, on which <paramref name="Error"/> ends too; null, or a result of null, for none.</param>
/// <param name="OutputIsOnScreen">Whether results are seen on that screen.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Func<IAnsiConsole?>? OpenDisplay = null, bool OutputIsOnScreen = true)
{
    private const int StandardOutput = 1;
    private readonly Lock _gate = new();
    private LiveLine? _display;

    /// <summary>The standard streams of this process.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, OpenStandardError, !Console.IsOutputRedirected);

    /// <summary>Writes a line of results.</summary>
    public void Print(string line) => WriteLine(Output, line, OutputIsOnScreen);

    /// <summary>Writes what the user should know although the run goes on.</summary>
    public void Warn(string sentence) => WriteLine(Error, $"Warning: {sentence}", isOnScreen: true);

    /// <summary>Writes why the run ended.</summary>
    public void Complain(string sentence) => WriteLine(Error, $"Error: {sentence}", isOnScreen: true);

    /// <summary>Keeps a line of progress below the others, where there is a screen, until the returned value is disposed.</summary>
    public IDisposable? Show(IProgressLine progress) => _display = OpenDisplay?.Invoke() is { } screen ? new LiveLine(screen, progress, _gate) : null;

    private void WriteLine(TextWriter writer, string line, bool isOnScreen)
    {
        lock (_gate)
        {
            if (isOnScreen && _display is not null) _display.MakeWay(Write);
            else Write();
        }

        void Write()
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    // The standard error if it is a terminal that can erase a line, and no build server's. A pipe at the standard output ends in a program that may write to
    // the same screen, of which we know nothing: what it writes would run into the display.
    private static IAnsiConsole? OpenStandardError()
    {
        bool isPiped = Console.IsOutputRedirected && !OutputIsFile();
        if (Console.IsErrorRedirected || isPiped || Environment.GetEnvironmentVariable("CI") is not (null or "" or "false" or "0")) return null;
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return screen.Profile.Capabilities.Ansi ? screen : null;
    }

    private static bool OutputIsFile()
    {
        if (OperatingSystem.IsWindows()) return false;
        using var handle = new SafeFileHandle(StandardOutput, ownsHandle: false);
        using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        return stream.CanSeek;
    }
}
