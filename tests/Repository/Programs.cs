using System.Diagnostics;

namespace FedPure.Repository;

/// <summary>Runs programs that the build put beside the tests, and the SDK.</summary>
internal static class Programs
{
    /// <summary>A file that the build put beside the tests.</summary>
    public static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    public static string Run(params string[] arguments) => RunIn(AppContext.BaseDirectory, arguments);

    public static string RunIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} exited with {process.ExitCode}:\n{output}\n{error.Result}");
        return output;
    }
}
