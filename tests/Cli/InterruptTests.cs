using System.Diagnostics;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>A run that is stopped from outside; each test waits for the first round's line, not for a time.</summary>
public sealed class InterruptTests : IDisposable
{
    // Only so that a program that does not stop fails the test rather than hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ctrl_C_ends_the_run_with_130_and_a_sentence()
    {
        using var process = StartLongRun();
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        bool ended = process.WaitForExit(Patience);
        if (!ended) process.Kill();
        Assert.True(ended, "The program goes on after Ctrl-C.");
        Assert.Equal(130, process.ExitCode);
        Assert.StartsWith("Error: The run was interrupted", Assert.Single(process.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_killed_run_leaves_no_half_file()
    {
        using var process = StartLongRun();
        process.Kill();
        process.WaitForExit();
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private Process StartLongRun()
    {
        var process = App.Start([], "train", "--rounds", "1000000", "--save-weights", _folder.File("model.f32"));
        Assert.StartsWith("round", process.StandardOutput.ReadLine(), StringComparison.Ordinal);

        // Read on, so that the program never waits for a full pipe.
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }
}
