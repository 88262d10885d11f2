using FedPure.Data;
using FedPure.Data.Sampling;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Asynchrony;

/// <summary>What asynchronous processes keep, and what they do with clients that fail, drop out or are not there.</summary>
public class AsynchronousProcessTests
{
    private static readonly Sgd Client = new(0.1f);

    private static readonly ClientDataset[] Clients = GoldenProblems.Clients;

    private static readonly VirtualClock Exponential = new() { Speed = new ExponentialSpeed(1), Concurrency = 4 };

    public static TheoryData<string> Algorithms => ["fedbuff", "fedasync"];

    /// <summary>A state holds the models that clients in training started from, and no others: at most one for each.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void NoMoreModelsAreKeptThanClientsTrain(string algorithm)
    {
        var process = Build(algorithm, Exponential);
        var state = process.Initialize();
        int most = 0;
        for (int round = 0; round < 30; round++)
        {
            state = process.Next(state, Clients).State;
            var work = (AsynchronousState)state.ClientWork;
            Assert.InRange(work.Running.Length, 3, Exponential.Concurrency);
            Assert.Empty(work.Buffer);
            int models = work.Running.Select(running => running.From.Weights).Distinct().Count();
            Assert.InRange(models, 1, work.Running.Length);
            Assert.All(work.Running, running => Assert.InRange(running.From.Number, 0, work.Version));
            most = Math.Max(most, models);
        }

        Assert.InRange(most, 2, Exponential.Concurrency);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void AnOldStateCanBeContinuedFromAgain(string algorithm)
    {
        var process = Build(algorithm, Exponential);
        var first = process.Next(process.Initialize(), Clients).State;
        string expected = process.Next(first, Clients).State.GlobalModelWeights.Sha256();
        process.Next(process.Initialize(), Clients[..2]);
        Assert.Equal(expected, process.Next(first, Clients).State.GlobalModelWeights.Sha256());
        Assert.Equal(expected, Build(algorithm, Exponential).Next(first, Clients).State.GlobalModelWeights.Sha256());
    }

    /// <summary>A client that sends NaN fills a place of the buffer and counts nothing: two others of three, and their mean.</summary>
    [Fact]
    public void ANonFiniteResultNeverReachesTheModel()
    {
        var clock = new VirtualClock { Speed = new EqualSpeed(0) };
        var result = Run(FedBuff.Build(GoldenProblems.Softmax, Client, 3, clock: clock), [GoldenProblems.NanClient, Clients[0], Clients[1]]);
        var alone = Run(FedBuff.Build(GoldenProblems.Softmax, Client, 2, clock: clock), [Clients[0], Clients[1]]);
        Assert.Equal(alone.State.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(["nan"], result.NonFiniteClients.ToArray());
        Assert.Equal(3, result.Metrics["client_work/arrivals"]);
        Assert.Null(result.Problem);

        var mixed = Run(FedAsync.Build(GoldenProblems.Softmax, Client, arrivalsPerRound: 3, clock: clock), [GoldenProblems.NanClient, Clients[0], Clients[1]]);
        Assert.True(Tensors.Vectors.AllFinite(mixed.State.GlobalModelWeights.Parameters.AsSpan()));
        Assert.Equal(1, mixed.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(["nan"], mixed.NonFiniteClients.ToArray());
        Assert.Null(mixed.Problem);
        Assert.Null(mixed.RefusedInPart);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void WhereNoResultIsFiniteTheModelStays(string algorithm)
    {
        var process = Build(algorithm, Exponential);
        var result = Run(process, [GoldenProblems.NanClient]);
        Assert.Equal(process.Initialize().GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Contains("weights come to 0", result.Problem, StringComparison.Ordinal);
        Assert.Equal(algorithm == "fedbuff" ? 1 : 5, result.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(0, result.Metrics["client_work/train/num_examples"]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void AClientThatThrowsIsNamed(string algorithm)
    {
        var table = new ExampleTable(new float[6], new int[] { 9 }, [6]);
        var odd = new ClientDataset("odd", table, new RowSet(0, 1)) { Pipeline = InputPipeline.Examples.Batch(4) };
        var process = Build(algorithm, Exponential, threads: 2);
        var error = Assert.Throws<ClientFailedException>(() => Run(process, [odd]));
        Assert.Equal("odd", error.ClientId);
        Assert.Null(Run(process, Clients).Problem);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ClientsThatDoNotFitAreRefused(string algorithm)
    {
        var process = Build(algorithm, Exponential);
        Assert.Contains("given twice", Assert.Throws<ArgumentException>(() => Run(process, [Clients[0], Clients[0]])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'linear_0' has 2 features", Assert.Throws<ArgumentException>(() => Run(process, [GoldenProblems.LinearClients[0]])).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Run(process, [Clients[0] with { Pipeline = InputPipeline.Examples }]));
        Assert.Contains(
            "'clients_0' takes NaN seconds",
            Assert.Throws<InvalidOperationException>(() => Run(Build(algorithm, new VirtualClock { Speed = new BrokenSpeed() }), Clients[..1])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void WithoutClientsTheModelStays(string algorithm)
    {
        var process = Build(algorithm, Exponential);
        var result = Run(process, []);
        Assert.Equal("no client was given, and none is in training", result.Problem);
        Assert.Equal(process.Initialize().GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
        Assert.Equal(0, result.Metrics["client_work/arrivals"]);
        Assert.Equal(0, result.Metrics["client_work/train/loss"]);
        Assert.Equal(1, result.State.Round);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void WhereAllDropOutTheRoundEnds(string algorithm)
    {
        var result = Run(Build(algorithm, Exponential with { DropoutProbability = 1 }), Clients);
        Assert.Contains("10000 clients or slots of time went by without a result", result.Problem, StringComparison.Ordinal);
        Assert.Equal(Timeline.Patience + 1, result.Metrics["client_work/dropped"]);
        Assert.True(result.Metrics["client_work/simulated_seconds"] > 0);

        // Whoever comes back finds the server where it was.
        var next = Build(algorithm, Exponential).Next(result.State, Clients);
        Assert.Null(next.Problem);
        Assert.True(next.Metrics["client_work/simulated_seconds"] >= result.Metrics["client_work/simulated_seconds"]);
    }

    [Fact]
    public void WhereNobodyIsEverAvailableTheRoundEnds()
    {
        var never = new ClientAvailability(
            [.. Clients.Select(client => client.ClientId)],
            new AvailabilityTrace(1, [.. Clients.Select(_ => System.Collections.Immutable.ImmutableArray<(int, int)>.Empty)]), 2);
        var result = Run(FedBuff.Build(GoldenProblems.Softmax, Client, clock: new VirtualClock { Availability = never }), Clients);
        Assert.Contains("without a result", result.Problem, StringComparison.Ordinal);
        Assert.Equal(2.0 * (Timeline.Patience + 1), result.Metrics["client_work/simulated_seconds"]);
    }

    /// <summary>Results that came when no more could are kept, with the models that they are made from, until others fill the buffer.</summary>
    [Fact]
    public void ABufferThatIsNotFullWaits()
    {
        var process = FedBuff.Build(GoldenProblems.Softmax, Client, 3, clock: new VirtualClock { Speed = new EqualSpeed(1), Concurrency = 2 });
        var first = process.Next(process.Initialize(), Clients);
        var running = ((AsynchronousState)first.State.ClientWork).Running;
        var second = process.Next(first.State, []);
        Assert.Equal("no client was given, and none is in training", second.Problem);
        Assert.Equal(running.Select(client => client.Start), ((AsynchronousState)second.State.ClientWork).Buffer.Select(client => client.Start));
        Assert.Equal(first.State.GlobalModelWeights.Sha256(), second.State.GlobalModelWeights.Sha256());
        var third = process.Next(second.State, Clients);
        Assert.Null(third.Problem);
        Assert.Equal(3, third.Metrics["client_work/arrivals"]);
        Assert.Equal(running.Select(client => client.Client.ClientId), third.Arrivals!.Value.Take(running.Length));
        Assert.Empty(((AsynchronousState)third.State.ClientWork).Buffer);
    }

    /// <summary>
    /// Weights that are set are what clients start from, while those in training keep theirs. After the first round the client of one example, the quickest, is
    /// the only one that can start; it is back before the others, fresh, so that the model is what federated averaging makes of it alone.
    /// </summary>
    [Fact]
    public void ClientsInTrainingKeepTheirModel()
    {
        var process = FedBuff.Build(GoldenProblems.Softmax, Client, 1, clock: new VirtualClock { Speed = new EqualSpeed(1), Concurrency = 5 });
        var state = process.Next(process.Initialize(), Clients).State;
        var old = ((AsynchronousState)state.ClientWork).Running[0].From.Weights;
        state = process.SetModelWeights(state, new ModelWeights(old.Layout, [.. Enumerable.Repeat(0.1f, old.Layout.Length)]));
        var next = process.Next(state, Clients);
        Assert.Equal([Clients[1].ClientId], next.Arrivals!.Value.ToArray());
        Assert.All(((AsynchronousState)next.State.ClientWork).Running, running => Assert.Same(old, running.From.Weights));
        var averaging = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, Client);
        var alone = averaging.Next(averaging.SetModelWeights(averaging.Initialize(), state.GlobalModelWeights), [Clients[1]]);
        Assert.Equal(alone.State.GlobalModelWeights.Sha256(), next.State.GlobalModelWeights.Sha256());
    }

    /// <summary>Twelve rounds of one arrival are two of six, with any number of threads, also of a model that draws at random.</summary>
    [Fact]
    public void ArrivalsAreGroupedIntoRoundsAsOneLikes()
    {
        var model = new Sequential(6).Dense(8, ActivationFunction.Relu).Dropout(0.25f).Dense(4).SoftmaxCrossEntropy();
        var one = FedAsync.Build(model, Client, arrivalsPerRound: 1, clock: Exponential);
        var six = FedAsync.Build(model, Client, arrivalsPerRound: 6, clock: Exponential, threads: 3);
        var state = one.Initialize();
        for (int round = 0; round < 12; round++) state = one.Next(state, Clients).State;
        var grouped = six.Next(six.Next(six.Initialize(), Clients).State, Clients).State;
        Assert.Equal(state.GlobalModelWeights.Sha256(), grouped.GlobalModelWeights.Sha256());
        Assert.Equal(((AsynchronousState)state.ClientWork).Seconds, ((AsynchronousState)grouped.ClientWork).Seconds);
    }

    /// <summary>What aggregators count, such as bytes, is added up over the arrivals of a round.</summary>
    [Fact]
    public void CountsOfARoundAreThoseOfItsArrivals()
    {
        var compressed = new Compression(new TopK(0.5), new WeightedMean());
        var one = FedAsync.Build(GoldenProblems.Softmax, Client, clock: Exponential, aggregator: compressed);
        var six = FedAsync.Build(GoldenProblems.Softmax, Client, arrivalsPerRound: 6, clock: Exponential, aggregator: compressed);
        Assert.Equal(6 * Run(one, Clients).Metrics["aggregator/bytes_up"], Run(six, Clients).Metrics["aggregator/bytes_up"]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ACancelledRoundEndsAndTheStateStaysValid(string algorithm)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var process = Build(algorithm, Exponential);
        var state = process.Initialize();
        Assert.ThrowsAny<OperationCanceledException>(() => process.Next(state, Clients, source.Token));
        Assert.Null(process.Next(state, Clients).Problem);
    }

    /// <summary>Cancelled at a client's first batch: the same state, models of the clients in training included, can be continued from.</summary>
    [Fact]
    public void CancellationReachesIntoARound()
    {
        using var source = new CancellationTokenSource();
        var process = FedBuff.Build(GoldenProblems.Softmax, Client, 3, clock: Exponential);
        var state = process.Next(process.Initialize(), Clients).State;
        string expected = process.Next(state, Clients).State.GlobalModelWeights.Sha256();
        var cancelled = FedBuff.Build(new CancellingModel(GoldenProblems.Softmax, source), Client, 3, clock: Exponential);
        Assert.ThrowsAny<OperationCanceledException>(() => cancelled.Next(state, Clients, source.Token));
        Assert.Equal(expected, process.Next(state, Clients).State.GlobalModelWeights.Sha256());
    }

    /// <summary>The median takes what weighs nothing, but a mean of staleness factors by weights that come to 0 is none.</summary>
    [Fact]
    public void ABufferThatWeighsNothingLeavesTheModelAndSaysSo()
    {
        var process = FedBuff.Build(
            GoldenProblems.Softmax, Client, 2, clock: new VirtualClock { Speed = new OneSecond() }, weighting: ClientWeighting.NumExamples,
            aggregator: new CoordinateMedian());
        var start = process.Initialize();
        var result = process.Next(start, [GoldenProblems.EmptyClient, GoldenProblems.EmptyClient with { ClientId = "empty too" }]);
        Assert.Contains("weigh nothing", result.Problem, StringComparison.Ordinal);
        Assert.Equal(start.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
    }

    /// <summary>
    /// Five start in the first round and arrive at one moment, one in each of five rounds. Those after them start in the sixth, at a rate of 0.
    /// </summary>
    [Fact]
    public void AScheduleFollowsTheRoundInWhichAClientStarts()
    {
        var clock = new VirtualClock { Speed = new OneSecond(), Concurrency = 5 };
        var process = FedBuff.Build(GoldenProblems.Softmax, Client, 1, clock: clock, clientSchedule: new FirstRoundOnly());
        var state = process.Initialize();
        for (int round = 0; round < 10; round++)
        {
            var next = process.Next(state, Clients).State;
            Assert.Equal(round < 5, next.GlobalModelWeights.Sha256() != state.GlobalModelWeights.Sha256());
            state = next;
        }
    }

    private static ILearningProcess Build(string algorithm, VirtualClock clock, int threads = 1) => algorithm == "fedbuff"
        ? FedBuff.Build(GoldenProblems.Softmax, Client, 3, clock: clock, threads: threads)
        : FedAsync.Build(GoldenProblems.Softmax, Client, arrivalsPerRound: 5, clock: clock, threads: threads);

    private static RoundResult Run(ILearningProcess process, ClientDataset[] clients) => process.Next(process.Initialize(), clients);

    private sealed record OneSecond : ClientSpeed
    {
        public override double Seconds(ClientStart start) => 1;
    }

    private sealed record FirstRoundOnly : LearningRateSchedule
    {
        public override double Factor(int round) => round == 0 ? 1 : 0;
    }

    private sealed record BrokenSpeed : ClientSpeed
    {
        public override double Seconds(ClientStart start) => double.NaN;
    }
}
