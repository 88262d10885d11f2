using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Reporting.TensorBoard;
using Spectre.Console;

namespace FedPure.Benchmarks;

/// <summary>
/// What it costs to watch a run: beside the tutorial's round on one thread, what --logdir adds to it, without and with histograms; a round's line written above
/// the live line; and a drawing of the live line, of which there are ten a second. The null device stands in for the terminal: what that does with the bytes is
/// another process's work.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls Cleanup, and takes no class that is sealed.")]
public class WatchedRound
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-benchmark-").FullName;
    private readonly StreamWriter _device = new(OperatingSystem.IsWindows() ? "NUL" : "/dev/null") { AutoFlush = true };

    private ClientDataset[] _clients = [];
    private ILearningProcess _process = null!;
    private ServerState _state = null!;
    private RoundResult _result = null!;
    private RoundEvent _event = null!;
    private TrainingLog _log = null!;
    private TrainingProgress _progress = null!;
    private Terminal _terminal = null!;
    private LiveLine _line = null!;

    [GlobalSetup]
    public void Setup()
    {
        var digits = DigitsDataset.Load();
        var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);
        _clients = [.. digits.Train.ClientIds.Take(10).Select(id => digits.Train.GetClient(id).Preprocess(pipeline))];
        _process = FederatedAveraging.BuildWeighted(new TrainedModel([], 20).Create(), new Sgd(0.02f));
        _state = _process.Initialize();
        _result = _process.Next(_state, _clients);
        _event = new RoundEvent(1, 10, 0.01, _result.Metrics);
        _log = new TrainingLog(_folder);
        _progress = new TrainingProgress(1000);
        var screen = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor, Out = new AnsiConsoleOutput(_device) });
        screen.Profile.Width = 120;
        screen.Profile.Capabilities.Unicode = true;
        _terminal = new Terminal(_device, _device, () => screen);
        _line = (LiveLine)_terminal.Show(_progress)!;
        for (int i = 0; i < CurveHistory.Capacity; i++) _progress.Add(_event);
        _line.Draw();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _line.Dispose();
        _log.Dispose();
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, Description = "the round")]
    public RoundResult Round() => _process.Next(_state, _clients);

    [Benchmark(Description = "--logdir")]
    public void Log()
    {
        _log.Round(1, _result.Metrics);
        _log.Flush();
    }

    [Benchmark(Description = "--logdir --log-histograms")]
    public void LogWithHistograms()
    {
        _log.Weights(1, _state.GlobalModelWeights, _result.State.GlobalModelWeights);
        Log();
    }

    [Benchmark(Description = "a line above the live one")]
    public void PrintLine()
    {
        _progress.Add(_event);
        _terminal.Print("round  10  loss 0.7525  accuracy 0.7755  4,860 examples of 10 clients  1.5 ms");
    }

    [Benchmark(Description = "a drawing of the live line")]
    public void DrawLine() => _line.Draw();
}
