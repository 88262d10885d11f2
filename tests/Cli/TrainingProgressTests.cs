using FedPure.Cli.Output;
using FedPure.Learning.Metrics;

namespace FedPure.Cli;

public sealed class TrainingProgressTests
{
    [Fact]
    public void It_tells_round_loss_accuracy_speed_and_time_left()
    {
        var clock = new SetClock();
        var progress = new TrainingProgress(400, clock);
        Assert.Equal((0, "round 1/400  0:00 so far"), Line(progress));
        clock.Now = TimeSpan.FromSeconds(61);
        Assert.Equal((0, "round 1/400  1:01 so far"), Line(progress));

        // 100 rounds in 100 s leave 300 s; later 300 more in as many seconds are over, but for the last second.
        for (int round = 1; round <= 100; round++)
        {
            clock.Now = TimeSpan.FromSeconds(round);
            progress.Add(Round(round, 1.25, 0.5));
        }

        Assert.Equal((0.25, "round 100/400  loss 1.2500  acc 0.5000  10 clients/s  5:00 left"), Line(progress));
        clock.Now += TimeSpan.FromSeconds(2.5);
        Assert.EndsWith("  4:57 left", Line(progress).Text, StringComparison.Ordinal);
        clock.Now = TimeSpan.FromHours(1);
        Assert.EndsWith("  0:00 left", Line(progress).Text, StringComparison.Ordinal);
        progress.Add(Round(200, 1, 1) with { Clients = 2_999_000 });
        Assert.EndsWith("  833 clients/s  1:00:00 left", Line(progress).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Once_interrupted_it_says_that_the_run_is_ending()
    {
        using var interrupt = new CancellationTokenSource();
        var progress = new TrainingProgress(4, interrupt: interrupt.Token);
        progress.Add(Round(1, 1.25, 0.5));
        interrupt.Cancel();
        Assert.Equal((0.25, "round 1/4  ending in order; Ctrl-C again ends at once"), Line(progress));
    }

    [Theory]
    [InlineData(new double[0], 8, "")]
    [InlineData(new double[] { 3 }, 8, "▁")]
    [InlineData(new double[] { 2, 2, 2 }, 8, "▁▁▁")]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 8, "▁▂▃▄▅▆▇█")]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 4, "▁▃▆█")]
    [InlineData(new double[] { 7, 0, 0 }, 2, "█▁")]
    [InlineData(new double[] { 1, 0, double.NaN, double.PositiveInfinity }, 4, "█▁xx")]
    [InlineData(new double[] { double.NaN }, 4, "x")]
    [InlineData(new double[] { 1, 2 }, 0, "")]
    public void A_curve_is_a_row_of_blocks(double[] values, int width, string drawn) => Assert.Equal(drawn, Sparkline.Draw(values, width));

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void The_history_of_a_curve_stays_short_and_keeps_its_course(int steps)
    {
        var history = new CurveHistory();
        for (int step = 1; step <= steps; step++) history.Add(step);
        var values = history.Values;
        Assert.InRange(values.Length, Math.Min(steps, CurveHistory.Capacity / 2), CurveHistory.Capacity);
        Assert.Equal(values.Order(), values);

        // The mean of a run of steps is that of its first and its last.
        double stepsPerValue = values.Length > 1 ? values[1] - values[0] : 1;
        Assert.Equal((1 + stepsPerValue) / 2, values[0]);
        Assert.InRange(steps - values[^1], 0, stepsPerValue);
    }

    private static (double Done, string Text) Line(TrainingProgress progress)
    {
        var reading = progress.Now();
        return (reading.Done, string.Join("  ", reading.Parts.Select(part => part.Text)));
    }

    private static RoundEvent Round(int round, double loss, double accuracy) => new(
        round, 10, 0.1,
        new MetricTree(("client_work", new MetricTree(("train", new MetricTree(
            ("sparse_categorical_accuracy", new MetricValue(MetricType.Float32, accuracy)), ("loss", new MetricValue(MetricType.Float32, loss)), (
                "num_examples", new MetricValue(MetricType.Int64, 7))))))));

    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
