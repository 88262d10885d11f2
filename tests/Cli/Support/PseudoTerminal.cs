using System.Diagnostics;
using System.Text;

namespace FedPure.Cli.Support;

/// <summary>Runs the program on a pseudo terminal of its own, by util-linux's script.</summary>
internal static class PseudoTerminal
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">Behind fedpure, as a shell reads them: they may end in a redirection.</param>
    /// <param name="columns">Of the window.</param>
    /// <param name="interruptAt">Ctrl-C is pressed once this was shown; null to let the run end.</param>
    /// <param name="environment">Variables beside a plain terminal's.</param>
    /// <returns>The exit code and every character that reached the terminal.</returns>
    public static (int ExitCode, string Shown) Run(
        string arguments, int columns = 100, string? interruptAt = null, params (string Name, string Value)[] environment)
    {
        string program = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{typeof(FedPureApp).Assembly.Location}'";
        var start = new ProcessStartInfo("script", ["-qec", $"stty rows 24 cols {columns} && {program} {arguments}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string name in (string[])["CI", "NO_COLOR", "LC_ALL", "LC_CTYPE"]) start.Environment.Remove(name);
        (start.Environment["TERM"], start.Environment["LANG"], start.Environment["SHELL"]) = ("xterm-256color", "C.UTF-8", "/bin/sh");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var shown = new StringBuilder();
        for (int next; (next = process.StandardOutput.Read()) >= 0;)
        {
            shown.Append((char)next);
            if (interruptAt is null || !shown.ToString(Math.Max(0, shown.Length - interruptAt.Length), Math.Min(shown.Length, interruptAt.Length))
                .Equals(interruptAt, StringComparison.Ordinal)) continue;
            process.StandardInput.Write('\u0003');
            process.StandardInput.Flush();
            interruptAt = null;
        }

        process.WaitForExit();
        return (process.ExitCode, shown.ToString());
    }
}
