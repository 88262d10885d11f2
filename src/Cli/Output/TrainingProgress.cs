using System.Diagnostics;
using System.Globalization;

namespace FedPure.Cli.Output;

/// <summary>The live line of a training run: round, loss, accuracy, clients per second, time left.</summary>
internal sealed class TrainingProgress(int rounds) : IProgressLine
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private Snapshot _last = new(null, 0, 0);

    /// <summary>Takes note of a finished round.</summary>
    public void Add(RoundEvent round) => _last = new Snapshot(round, _last.Clients + round.Clients, Stopwatch.GetElapsedTime(_start).TotalSeconds);

    public (double Done, string Text) Now()
    {
        var (round, clients, elapsed) = _last;
        if (round is null) return (0, $"round 1/{rounds}");
        double left = Math.Max(0, elapsed / round.Round * rounds - Stopwatch.GetElapsedTime(_start).TotalSeconds);
        return ((double)round.Round / rounds, string.Create(
            CultureInfo.InvariantCulture,
            $"round {round.Round}/{rounds}  loss {round.Loss:F4}  accuracy {round.Accuracy:F4}  {clients / elapsed:N0} clients/s  {(long)left / 60}:{(long)left % 60:D2} left"));
    }

    // One reference, so that the timer's thread never sees half of a change.
    private sealed record Snapshot(RoundEvent? Round, long Clients, double Seconds);
}
