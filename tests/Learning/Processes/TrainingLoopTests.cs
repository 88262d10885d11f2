using System.Diagnostics;
using System.Diagnostics.Metrics;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Metrics;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

public class TrainingLoopTests
{
    private const string Loss = "client_work/eval/current_round_metrics/loss";

    private static readonly ILearningProcess Process = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f));

    [Theory]
    [InlineData(1, 1, new[] { 1 })]
    [InlineData(10, 4, new[] { 4, 8, 10 })]
    [InlineData(6, 3, new[] { 3, 6 })]
    [InlineData(2, 5, new[] { 2 })]
    public void EveryKthRoundAndTheLastAreEvaluated(int total, int every, int[] evaluated)
    {
        var loop = new TrainingLoop(Process, _ => GoldenProblems.Clients) { TotalRounds = total, RoundsPerEvaluation = every, Evaluate = Evaluate };
        var rounds = loop.Rounds(Process.Initialize()).ToList();
        Assert.Equal(Enumerable.Range(1, total), rounds.Select(round => round.Round));
        Assert.Equal(evaluated, rounds.Where(round => round.Evaluation is not null).Select(round => round.Round));
    }

    [Fact]
    public void EachRoundHasItsOwnCohortAndGoesOnFromTheLast()
    {
        var loop = new TrainingLoop(Process, round => [GoldenProblems.Clients[round - 1]]) { TotalRounds = 3 };
        var rounds = loop.Rounds(Process.Initialize()).ToList();
        Assert.Equal(["clients_0", "clients_1", "clients_2"], rounds.Select(round => Assert.Single(round.ClientIds)));
        var state = Process.Initialize();
        foreach (var client in GoldenProblems.Clients[..3]) state = Process.Next(state, [client]).State;
        Assert.Equal(state.GlobalModelWeights.Sha256(), rounds[^1].State.GlobalModelWeights.Sha256());
    }

    [Fact]
    public void ARunGoesOnFromAnyState()
    {
        var whole = new TrainingLoop(Process, _ => GoldenProblems.Clients) { TotalRounds = 5 };
        var half = whole.Rounds(Process.Initialize()).ElementAt(2).State;
        Assert.Equal(3, half.Round);
        var rest = whole.Rounds(half).ToList();
        Assert.Equal([4, 5], rest.Select(round => round.Round));
        Assert.Equal(whole.Run(Process.Initialize())!.State.GlobalModelWeights.Sha256(), rest[^1].State.GlobalModelWeights.Sha256());
        Assert.Null(whole.Run(rest[^1].State));
    }

    [Fact]
    public void TheBestModelIsKeptAndTrainingStopsWithoutImprovement()
    {
        // Rounds 1, 2, 3, ... have these losses.
        double[] losses = [3, 2, 4, double.NaN, 2, 1];
        var loop = new TrainingLoop(Process, _ => GoldenProblems.Clients)
        {
            TotalRounds = 6,
            Evaluate = (round, _) => new MetricTree(("loss", new MetricValue(MetricType.Float32, losses[round.Round - 1]))),
            Selection = new ModelSelection("loss", Patience: 3),
        };
        var rounds = loop.Rounds(Process.Initialize()).ToList();
        Assert.Equal(5, rounds.Count);
        Assert.Equal([1, 2, 2, 2, 2], rounds.Select(round => round.Best!.Round));
        Assert.Equal(rounds[1].State, rounds[^1].Best!.State);
        Assert.Equal(2, rounds[^1].Best!.Value);
    }

    [Fact]
    public void HigherIsBetterWhereTheSelectionSaysSo()
    {
        double[] accuracies = [0.1, 0.5, 0.4];
        var loop = new TrainingLoop(Process, _ => GoldenProblems.Clients)
        {
            TotalRounds = 3,
            Evaluate = (round, _) => new MetricTree(("accuracy", new MetricValue(MetricType.Float32, accuracies[round.Round - 1]))),
            Selection = new ModelSelection("accuracy", HigherIsBetter: true),
        };
        Assert.Equal(2, loop.Run(Process.Initialize())!.Best!.Round);
    }

    [Fact]
    public void ASelectionNeedsAnEvaluation() => Assert.Throws<InvalidOperationException>(
        () => new TrainingLoop(Process, _ => GoldenProblems.Clients) { Selection = new ModelSelection(Loss) }.Rounds(Process.Initialize()));

    [Fact]
    public void NumbersOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingLoop(Process, _ => []) { TotalRounds = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingLoop(Process, _ => []) { RoundsPerEvaluation = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelSelection(Loss, Patience: 0));
    }

    [Fact]
    public async Task RoundsArriveOneByOneAsynchronouslyAndTellProgress()
    {
        var loop = new TrainingLoop(Process, _ => GoldenProblems.Clients) { TotalRounds = 4 };
        var hashes = new List<string>();
        await foreach (var round in loop.RoundsAsync(Process.Initialize(), TestContext())) hashes.Add(round.State.GlobalModelWeights.Sha256());
        var reported = new Reports();
        loop.Run(Process.Initialize(), reported);
        Assert.Equal(4, hashes.Count);
        Assert.Equal(hashes, reported.Hashes);

        static CancellationToken TestContext() => CancellationToken.None;
    }

    [Fact]
    public async Task CancellationReachesIntoARound()
    {
        // The token is cancelled while the first client is read, before its second batch.
        using var source = new CancellationTokenSource();
        var process = FederatedAveraging.BuildWeighted(new CancellingModel(GoldenProblems.Softmax, source), new Sgd(0.1f));
        var loop = new TrainingLoop(process, _ => GoldenProblems.Clients);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var round in loop.RoundsAsync(process.Initialize(), source.Token)) Assert.Fail($"round {round.Round} ended");
        });
    }

    [Fact]
    public void ListenersSeeRoundsAndClients()
    {
        var counts = new Dictionary<string, double>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "FedPure.Learning") listener.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, 1));
        meters.Start();
        var activities = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FedPure.Learning",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => { lock (activities) activities.Add(activity); },
        };
        ActivitySource.AddActivityListener(listener);

        // Other tests train at the same time: this one's rounds are found by their number.
        var state = Process.Initialize() with { Round = 1_000_000 };
        Process.Next(Process.Next(state, GoldenProblems.Clients).State, [GoldenProblems.NanClient]);

        lock (counts)
        {
            Assert.True(counts["fedpure.rounds"] >= 2);
            Assert.True(counts["fedpure.clients"] >= 6);
            Assert.True(counts["fedpure.clients.non_finite"] >= 1);
            Assert.True(counts["fedpure.round.duration"] >= 2);
        }

        lock (activities)
        {
            var first = activities.Single(activity => activity.GetTagItem("fedpure.round") is 1_000_001);
            Assert.Equal("round", first.OperationName);
            Assert.Equal(5, first.GetTagItem("fedpure.clients"));
            Assert.Equal(ActivityStatusCode.Unset, first.Status);
            Assert.Equal(ActivityStatusCode.Error, activities.Single(activity => activity.GetTagItem("fedpure.round") is 1_000_002).Status);
        }

        void Add(string name, double value)
        {
            lock (counts) counts[name] = counts.GetValueOrDefault(name) + value;
        }
    }

    private static MetricTree Evaluate(TrainingRound round, CancellationToken cancellationToken)
    {
        var evaluation = FederatedEvaluation.Build(GoldenProblems.Softmax);
        return evaluation.Next(
            evaluation.SetModelWeights(evaluation.Initialize(), round.State.GlobalModelWeights), GoldenProblems.TestClients, cancellationToken).Metrics;
    }

    private sealed class Reports : IProgress<TrainingRound>
    {
        public List<string> Hashes { get; } = [];

        public void Report(TrainingRound value) => Hashes.Add(value.State.GlobalModelWeights.Sha256());
    }
}
