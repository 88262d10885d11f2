using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Every algorithm and aggregator has one hash and one report for any number of threads and order of clients; a NaN client and an empty one among them.
/// </summary>
public class AlgorithmDeterminismTests
{
    private static readonly IModel Model = new Sequential(6).Dense(8, ActivationFunction.Relu).Dropout(0.25f).Dense(4).SoftmaxCrossEntropy();

    private static readonly Population Population = new(7, 33);

    private static readonly VirtualClock Clock = new() { Speed = new HalfNormalSpeed(), Concurrency = 5 };

    private static readonly Dictionary<string, Func<int, ILearningProcess>> Builders = new()
    {
        ["fedavg"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), threads: threads),
        ["fedavg, momentum and adam"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f, 0.9f), new Adam(0.05f), threads: threads),
        ["fedavg, unweighted and scheduled"] = threads =>
            FederatedAveraging.BuildUnweighted(Model, new Sgd(0.1f), clientSchedule: new ExponentialSchedule(0.7), threads: threads),
        ["fedavg, robust"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(1f), aggregator: RobustAggregator.Create(), threads: threads),
        ["fedavg, median"] = threads =>
            FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), aggregator: new CoordinateMedian(weighted: true), threads: threads),
        ["fedavg, trimmed mean"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), aggregator: new TrimmedMean(0.2), threads: threads),
        ["fedavg, multi-Krum"] = threads =>
            FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), aggregator: new Krum(1, 3, weighted: true), threads: threads),
        ["fedavg, robust around Bulyan"] = threads =>
            FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), aggregator: RobustAggregator.Around(new Bulyan(0)), threads: threads),
        ["fedavg, geometric median"] = threads =>
            FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), aggregator: new GeometricMedian(weighted: true), threads: threads),
        ["fedavg, top-k"] = threads => FederatedAveraging.BuildWeighted(
            Model, new Sgd(0.1f), aggregator: new Compression(new TopK(0.2), new WeightedMean(), errorFeedback: true), threads: threads),
        ["fedavg, rotated QSGD, median"] = threads => FederatedAveraging.BuildWeighted(
            Model, new Sgd(0.1f), aggregator: new Compression(new HadamardRotation(new StochasticQuantization(7)), new CoordinateMedian()), threads: threads),
        ["fedprox"] = threads => FederatedProx.BuildWeighted(Model, 0.5f, new Sgd(0.1f), threads: threads),
        ["fedsgd"] = threads => FederatedSgd.Build(Model, threads: threads),
        ["mimelite"] = threads => MimeLite.BuildWeighted(Model, new Sgd(0.1f, 0.9f), threads: threads),
        ["scaffold"] = threads => Scaffold.Build(Model, Population, new Sgd(0.1f), threads: threads),
        ["scaffold, by examples"] = threads =>
            Scaffold.Build(Model, Population, new Sgd(0.1f), new Sgd(0.5f, 0.9f), ClientWeighting.NumExamples, threads: threads),
        ["fednova, momentum"] = threads => FedNova.Build(Model, new Sgd(0.1f, 0.9f), threads: threads),
        ["fednova, proximal"] = threads => FedNova.Build(Model, new Sgd(0.1f), proximalStrength: 1f, effectiveSteps: EffectiveSteps.Counts, threads: threads),
        ["feddyn"] = threads => FedDyn.Build(Model, Population, 0.1f, new Sgd(0.1f), threads: threads),
        ["feddyn, by examples"] = threads => FedDyn.Build(Model, Population, 0.1f, new Adam(0.01f), weighting: ClientWeighting.NumExamples, threads: threads),
        ["qfedavg"] = threads => QFedAvg.Build(Model, 1.5, new Sgd(0.1f), threads: threads),
        ["ditto"] = threads => Ditto.Build(Model, 0.1f, new Sgd(0.1f, 0.9f), threads: threads),
        ["ditto, median"] = threads => Ditto.Build(Model, 0.1f, new Sgd(0.1f), aggregator: new CoordinateMedian(), threads: threads),
        ["scaffold, top-k"] = threads => Scaffold.Build(
            Model, Population, new Sgd(0.1f), aggregator: new Compression(new TopK(0.2), new WeightedMean(), errorFeedback: true), threads: threads),
        ["fedadagrad"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), new FedAdagrad(0.1f), threads: threads),
        ["fedadam"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), new FedAdam(0.05f), threads: threads),
        ["fedyogi"] = threads => FederatedAveraging.BuildWeighted(Model, new Sgd(0.1f), new FedYogi(0.05f), threads: threads),
        ["fedbuff"] = threads => FedBuff.Build(Model, new Sgd(0.1f), 4, clock: Clock, threads: threads),
        ["fedbuff, by examples, adam and clipped"] = threads => FedBuff.Build(
            Model, new Sgd(0.1f, 0.9f), 9, new Adam(0.05f), clock: Clock with { DropoutProbability = 0.3, Speed = new LogNormalSpeed() },
            weighting: ClientWeighting.NumExamples,
            aggregator: RobustAggregator.Create(), threads: threads),
        ["fedbuff, waiting"] = threads => FedBuff.Build(Model, new Sgd(0.1f), 4, clock: Clock with { IsSynchronous = true }, threads: threads),
        ["fedbuff, random-k"] = threads => FedBuff.Build(
            Model, new Sgd(0.1f), 9, clock: Clock, aggregator: new Compression(new RandomK(0.2, Unbiased: false), new WeightedMean(), errorFeedback: true),
            threads: threads),
        ["fedasync"] = threads => FedAsync.Build(Model, new Sgd(0.1f), clock: Clock, threads: threads),
        ["fedasync, several a round"] = threads =>
            FedAsync.Build(Model, new Sgd(0.1f), 0.9, new HingeStaleness(1, 1), 0.1f, 20, Clock with { DropoutProbability = 0.2 }, threads: threads),
        ["fedasync, top-k"] = threads => FedAsync.Build(
            Model, new Sgd(0.1f), arrivalsPerRound: 7, clock: Clock, aggregator: new Compression(new TopK(0.2), new WeightedMean(), errorFeedback: true),
            threads: threads),
        ["mimelite, adam"] = threads => MimeLite.BuildWeighted(Model, new Adam(0.01f), new Sgd(1f, 0.5f), threads: threads),
    };

    public static TheoryData<string> Names => [.. Builders.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NeitherThreadsNorOrderShow(string name)
    {
        ClientDataset[] clients = [.. GoldenProblems.Clients, GoldenProblems.NanClient, GoldenProblems.EmptyClient];
        string expected = Run(Builders[name](1), clients);
        bool spread = !name.StartsWith("fedbuff", StringComparison.Ordinal) && !name.StartsWith("fedasync", StringComparison.Ordinal);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            // Without rounds only one client may be ready to train; those need no second thread, and merge nothing.
            for (int turn = 0; turn < 3; turn++)
                Assert.Equal(expected, Run(Builders[name](threads), [.. clients[turn..].Reverse(), .. clients[..turn]], spread ? threads : 1));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSeedShowsWhereSomethingIsDrawn(string name) =>
        Assert.NotEqual(
            Run(Builders[name](1), GoldenProblems.Clients),
            Run(Builders[name](1), [.. GoldenProblems.Clients.Select(client => client with { ClientId = client.ClientId + "x" })]));

    private static string Run(ILearningProcess process, ClientDataset[] clients, int threads = 1)
    {
        var state = process.Initialize();
        var log = new System.Text.StringBuilder();
        for (int round = 0; round < 3; round++)
        {
            (state, var metrics) = process.Next(state, SpreadOut.Over(threads, clients));
            log.Append(metrics);
        }

        foreach (string id in clients.Select(client => client.ClientId).Order(StringComparer.Ordinal)) log.Append(Memory(state, id));
        return log.Append(state.GlobalModelWeights.Sha256()).Append(state.Aggregator).ToString();
    }

    // What a client keeps, to the last digit.
    private static string Memory(ServerState state, string clientId) => string.Join(' ', state.ClientWork switch
    {
        ScaffoldState scaffold => scaffold.Controls.ByClient.GetValueOrDefault(clientId, []),
        FedDynState dynamic => dynamic.Gradients.ByClient.GetValueOrDefault(clientId, []),
        AsynchronousState asynchronous => asynchronous.Running.Select(running => (float)running.ArrivesAt).Append((float)asynchronous.Seconds),
        DittoState => Ditto.PersonalWeights(state, clientId).Parameters,
        _ => [],
    });
}
