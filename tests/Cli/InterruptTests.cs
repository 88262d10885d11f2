using System.Diagnostics;
using System.Text;
using FedPure.Cli.Output;
using FedPure.Cli.Support;
using FedPure.Reporting.TensorBoard;

namespace FedPure.Cli;

/// <summary>A run that is stopped from outside; each test waits for a line of the run, not for a time.</summary>
public sealed class InterruptTests : IDisposable
{
    // Only so that a program that does not stop fails the test rather than hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    private string Model => _folder.File("model.f32");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Ctrl_C_ends_the_run_with_130_and_keeps_the_last_whole_round(string signal)
    {
        using var process = StartLongRun();
        var (exitCode, error) = Interrupt(process, signal);
        Assert.Equal(130, exitCode);
        Assert.Matches(
            $"^Error: The run was interrupted after round [0-9]+ of 1000000; the weights of that round are in {Model}, "
                + $"and --initial-weights {Model} starts from them\\.\n$",
            error);
        Assert.Equal([Model], Directory.GetFiles(_folder.Path));
        Assert.Equal(7850 * sizeof(float), new FileInfo(Model).Length);
    }

    [Fact]
    public void What_is_kept_is_the_model_of_the_round_that_is_named()
    {
        foreach (string during in (string[])["round   3", "evaluation  train"])
        {
            var (exitCode, _, error) = RunUntil(
                during, "train", "--rounds", "50", "--evaluate-every", "4", "--save-weights", Model, "--logdir", _folder.File(during));
            Assert.Equal(130, exitCode);
            int rounds = during.StartsWith("round", StringComparison.Ordinal) ? 3 : 4;
            Assert.StartsWith(
                $"Error: The run was interrupted after round {rounds} of 50; the weights of that round are in {Model},", error, StringComparison.Ordinal);
            Assert.EndsWith(" The event files of --logdir hold its rounds.\n", error, StringComparison.Ordinal);
            byte[] kept = File.ReadAllBytes(Model);
            App.Succeed("train", "--rounds", $"{rounds}", "--save-weights", Model);
            Assert.Equal(File.ReadAllBytes(Model), kept);
            var losses = EventFileReader.Events(Assert.Single(Directory.GetFiles(Path.Combine(_folder.File(during), "training")))).Where(e => e.Tag == "loss");
            Assert.Equal(Enumerable.Range(1, rounds).Select(round => (long)round), losses.Select(loss => loss.Step));
        }
    }

    [Fact]
    public void A_run_that_fails_keeps_its_last_whole_round_too()
    {
        using var output = new ActingWriter("round   3", () => throw new IOException("The disk is full."));
        using var error = new StringWriter();
        Assert.Equal(1, FedPureApp.Run(["train", "--rounds", "50", "--save-weights", Model], new Terminal(output, error), new Interrupt()));
        Assert.Equal(
            $"Warning: the weights of round 3, the last whole one, are in {Model}.\nError: The disk is full.\n", error.ToString().ReplaceLineEndings("\n"));
        byte[] kept = File.ReadAllBytes(Model);
        App.Succeed("train", "--rounds", "3", "--save-weights", Model);
        Assert.Equal(File.ReadAllBytes(Model), kept);
    }

    [Fact]
    public void Without_a_place_for_weights_it_says_how_to_keep_them()
    {
        var (exitCode, output, error) = RunUntil("round   2", "train", "--rounds", "50");
        Assert.Equal(130, exitCode);
        Assert.DoesNotContain("weights_sha256", output, StringComparison.Ordinal);
        Assert.Equal("Error: The run was interrupted after round 2 of 50; no weights were saved, since --save-weights FILE was not given.\n", error);
    }

    [Fact]
    public void Before_the_first_round_there_is_nothing_to_keep()
    {
        var interrupt = new Interrupt();
        interrupt.Request();
        var run = App.Run(interrupt, "train", "--json", "--save-weights", Model);
        Assert.Equal((130, ""), (run.ExitCode, run.Output));
        Assert.Equal("Error: The run was interrupted before its first round had ended, so there was nothing to save.\n", run.Error.ReplaceLineEndings("\n"));
        Assert.False(File.Exists(Model));
        run = App.Run(interrupt, "train");
        Assert.Equal(130, run.ExitCode);
    }

    [Theory]
    [InlineData("explore", "--out", "")]
    [InlineData("explore", "--report", "page.html")]
    [InlineData("data convert", "--to", "idx:", "idx")]
    [InlineData("data convert", "--to", "leaf:", "leaf")]
    [InlineData("data convert", "--to", "tff:", "digits.sqlite")]
    [InlineData("data convert", "--to", "npz:", "digits.npz")]
    public void A_command_that_writes_files_leaves_none_of_them(string command, string option, string form, string name = "")
    {
        var interrupt = new Interrupt();
        interrupt.Request();
        string place = name.Length > 0 ? form + _folder.File(name) : _folder.File(form);
        var run = App.Run(interrupt, [.. command.Split(' '), option, place]);
        Assert.Equal((130, ""), (run.ExitCode, run.Output));
        Assert.Equal("Error: The command was interrupted; nothing was written.\n", run.Error.ReplaceLineEndings("\n"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("leaf", "many")]
    [InlineData("tff", "many.sqlite")]
    public void Ctrl_C_while_a_file_is_written_leaves_no_part_of_it(string form, string name)
    {
        using var process = App.Start([], "data", "convert", "--data", "synthetic:clients=1000", "--to", $"{form}:{_folder.File(name)}");
        string partial = _folder.File(name + ".partial");
        SpinWait.SpinUntil(() => File.Exists(partial) || Directory.Exists(partial) || process.HasExited, Patience);
        var (exitCode, error) = Interrupt(process);
        Assert.Equal((130, "Error: The command was interrupted; nothing was written.\n"), (exitCode, error));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_first_Ctrl_C_ends_in_order_what_waits_for_it_and_the_second_at_once()
    {
        var interrupt = new Interrupt();
        var token = interrupt.Await();
        Assert.True(interrupt.Request());
        Assert.True(token.IsCancellationRequested);
        Assert.False(interrupt.Request());
        Assert.False(new Interrupt().Request());
    }

    [Fact]
    public void A_command_that_cannot_end_in_order_is_ended_at_once()
    {
        // Reading a pipe into which nobody writes waits for ever.
        string pipe = _folder.File("data.csv");
        using (var make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        using var process = App.Start([], "data", "info", "--data", $"csv:{pipe}");

        // The pipe opens for writing once the program reads it.
        using var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write);
        var (exitCode, error) = Interrupt(process);
        Assert.Equal((130, ""), (exitCode, error));
    }

    [Fact]
    public void A_killed_run_leaves_no_half_file()
    {
        using var process = StartLongRun();
        process.Kill();
        process.WaitForExit();
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static (int ExitCode, string Error) Interrupt(Process process, string signal = "INT")
    {
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"])) kill.WaitForExit();
        bool ended = process.WaitForExit(Patience);
        if (!ended) process.Kill();
        Assert.True(ended, "The program goes on after Ctrl-C.");
        return (process.ExitCode, process.StandardError.ReadToEnd());
    }

    // Ctrl-C comes while a line with that beginning is printed.
    private static (int ExitCode, string Output, string Error) RunUntil(string line, params string[] args)
    {
        var interrupt = new Interrupt();
        using var output = new ActingWriter(line, () => interrupt.Request());
        using var error = new StringWriter();
        int exitCode = FedPureApp.Run(args, new Terminal(output, error), interrupt);
        return (exitCode, output.ToString(), error.ToString().ReplaceLineEndings("\n"));
    }

    private Process StartLongRun()
    {
        var process = App.Start([], "train", "--rounds", "1000000", "--save-weights", Model);
        Assert.StartsWith("round", process.StandardOutput.ReadLine(), StringComparison.Ordinal);

        // Read on, so that the program never waits for a full pipe.
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    private sealed class ActingWriter(string line, Action act) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.StartsWith(line, StringComparison.Ordinal)) act();
        }
    }
}
