using System.Globalization;

namespace FedPure.Cli.Output;

/// <summary>The live line of a training run: round, loss and its curve, accuracy, clients per second, time left.</summary>
/// <param name="rounds">Rounds of the run.</param>
/// <param name="clock">Null for the system's clock.</param>
/// <param name="interrupt">Cancelled when the user wants the run to end.</param>
internal sealed class TrainingProgress(int rounds, TimeProvider? clock = null, CancellationToken interrupt = default) : IProgressLine
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();
    private readonly CurveHistory _losses = new();
    private readonly Lock _gate = new();
    private RoundEvent? _last;
    private long _clients;
    private TimeSpan _elapsed;

    /// <summary>Takes note of a finished round.</summary>
    public void Add(RoundEvent round)
    {
        lock (_gate)
        {
            _last = round;
            _clients += round.Clients;
            _losses.Add(round.Loss);
            _elapsed = _clock.GetElapsedTime(_start);
        }
    }

    public ProgressReading Now()
    {
        lock (_gate)
        {
            var now = _clock.GetElapsedTime(_start);
            string round = string.Create(Invariant, $"round {_last?.Round ?? 1}/{rounds}");
            double done = (double)(_last?.Round ?? 0) / rounds;
            if (interrupt.IsCancellationRequested) return new(done, [new(round, 1), new("ending in order; Ctrl-C again ends at once", 2)], []);
            if (_last is null) return new(0, [new(round, 1), new($"{Time(now)} so far", 2)], []);
            var left = _elapsed / _last.Round * rounds - now;
            return new(
                done,
                [
                    new(round, 1),
                    new(string.Create(Invariant, $"loss {_last.Loss:F4}"), 2, HasCurve: true),
                    new(string.Create(Invariant, $"acc {_last.Accuracy:F4}"), 3),
                    new(string.Create(Invariant, $"{_clients / _elapsed.TotalSeconds:N0} clients/s"), 5),
                    new($"{Time(left)} left", 4),
                ],
                _losses.Values);
        }
    }

    // Of an estimate that a slow round has used up, nothing is left.
    private static string Time(TimeSpan time)
    {
        long seconds = Math.Max(0, (long)time.TotalSeconds);
        return seconds < 3600
            ? string.Create(Invariant, $"{seconds / 60}:{seconds % 60:D2}")
            : string.Create(Invariant, $"{seconds / 3600}:{seconds / 60 % 60:D2}:{seconds % 60:D2}");
    }
}
