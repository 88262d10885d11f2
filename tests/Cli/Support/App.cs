using System.Diagnostics;
using System.Text.Json;
using FedPure.Cli.Output;

namespace FedPure.Cli.Support;

/// <summary>What a run of the program left behind.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement[] Events => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    public string Hash => Events[^1].GetProperty("weights_sha256").GetString()!;
}

/// <summary>Runs the program: in this process, or as a process of its own.</summary>
internal static class App
{
    public static CliRun Run(params string[] args) => Run(new Interrupt(), args);

    public static CliRun Run(Interrupt interrupt, params string[] args)
    {
        using StringWriter output = new(), error = new();
        int exitCode = FedPureApp.Run(args, new Terminal(output, error), interrupt);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>A run that must succeed without a word of complaint.</summary>
    public static CliRun Succeed(params string[] args)
    {
        var run = Run(args);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        return run;
    }

    /// <summary>A run that must fail, with one sentence on stderr that has these words in it and nothing on stdout.</summary>
    public static void Fail(int exitCode, string[] words, params string[] args)
    {
        var run = Run(args);
        Assert.Equal("", run.Output);
        string line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Error: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Unexpected", line, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", line, StringComparison.Ordinal);
        Assert.True(line.EndsWith('.') || line.EndsWith('?'), line);
        foreach (string word in words) Assert.Contains(word, line, StringComparison.Ordinal);
        Assert.Equal(exitCode, run.ExitCode);
    }

    public static CliRun RunProcess(IEnumerable<KeyValuePair<string, string>> environment, params string[] args)
    {
        using var process = Start(environment, args);
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new CliRun(process.ExitCode, output.Result, error);
    }

    public static Process Start(IEnumerable<KeyValuePair<string, string>> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(FedPureApp).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The tests themselves may run under one of these settings; a child starts from none.
        foreach (string name in (string[])["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic", "DOTNET_PreferredVectorBitWidth"])
            start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
