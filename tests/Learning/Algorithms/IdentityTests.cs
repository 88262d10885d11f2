using FedPure.Data;
using FedPure.Learning.Asynchrony;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Algorithms;

/// <summary>Algorithms that are one another's special cases have the same bits there.</summary>
public class IdentityTests
{
    public static TheoryData<bool> Models => [false, true];

    [Theory]
    [MemberData(nameof(Models))]
    public void FedProxWithoutStrengthIsFedAvg(bool mlp) =>
        AssertSame(
            FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f, 0.9f)), FederatedProx.BuildWeighted(Model(mlp), 0, new Sgd(0.1f, 0.9f)),
            GoldenProblems.Clients);

    [Theory]
    [MemberData(nameof(Models))]
    public void MimeLiteWithPlainSgdIsFedAvg(bool mlp) =>
        AssertSame(FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f)), MimeLite.BuildWeighted(Model(mlp), new Sgd(0.1f)), GoldenProblems.Clients);

    /// <summary>
    /// One step of rate 1 over a full batch has the update w - (w - g), and over zero weights, where that is g to the last bit, the server takes the same
    /// gradient. A batch of n examples is summed as n·g and divided by n: exact for the powers of two that the clients have here.
    /// </summary>
    [Fact]
    public void FederatedSgdIsFedAvgOfOneFullStep()
    {
        var clients = GoldenProblems.Clients.Select(
            client => new ClientDataset(
                client.ClientId, client.Examples, new RowSet(0, Math.Min(4, client.Count)))
            { Pipeline = InputPipeline.Examples.Batch(4) }).ToArray();
        var model = GoldenProblems.Softmax;
        var averaging = FederatedAveraging.BuildWeighted(model, new Sgd(1f), new Sgd(0.1f));
        var sgd = FederatedSgd.Build(model, new Sgd(0.1f));
        Assert.Equal(Run(averaging, clients, 1), Run(sgd, clients, 1));
    }

    [Fact]
    public void EqualClientsAreOneClient()
    {
        var process = FederatedAveraging.BuildWeighted(GoldenProblems.Mlp, new Sgd(0.1f));
        var client = GoldenProblems.Clients[2];
        Assert.Equal(Run(process, [client], 3), Run(process, [client, client with { ClientId = "again" }, client with { ClientId = "and again" }], 3));
    }

    [Fact]
    public void AConstantScheduleIsNone() => AssertSame(
        FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), clientSchedule: new ConstantSchedule()),
        GoldenProblems.Clients);

    [Fact]
    public void UnweightedAveragingIsUniformWeighting() => AssertSame(
        FederatedAveraging.BuildUnweighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), weighting: ClientWeighting.Uniform),
        [.. GoldenProblems.Clients, GoldenProblems.EmptyClient, GoldenProblems.NanClient]);

    /// <summary>Zero controls correct nothing, so that the steps, though not fused, and the mean have the same bits.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void ScaffoldsFirstRoundIsFedAvg(bool mlp)
    {
        var population = Population.Of(GoldenProblems.Clients);
        foreach (var weighting in (ClientWeighting[])[ClientWeighting.Uniform, ClientWeighting.NumExamples])
        {
            var averaging = FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f), weighting: weighting);
            var scaffold = Scaffold.Build(Model(mlp), population, new Sgd(0.1f), weighting: weighting);
            Assert.Equal(Run(averaging, GoldenProblems.Clients, 1), Run(scaffold, GoldenProblems.Clients, 1));
            Assert.NotEqual(Run(averaging, GoldenProblems.Clients, 2), Run(scaffold, GoldenProblems.Clients, 2));
        }
    }

    /// <summary>Four steps of each client, of 1 or 2 examples: division by 4 and multiplication by 4 are exact.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void FedNovaWithEqualStepsIsFedAvg(bool mlp)
    {
        var clients = EqualSteps(4);
        AssertSame(FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f)), FedNova.Build(Model(mlp), new Sgd(0.1f)), clients);
        Assert.NotEqual(
            Run(FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f)), GoldenProblems.Clients, 1),
            Run(FedNova.Build(Model(mlp), new Sgd(0.1f)), GoldenProblems.Clients, 1));
    }

    /// <summary>
    /// Any norm cancels where all have it. It is no power of two here: of the three roundings of each update, below 1, 3·2^-24 a round remain.
    /// </summary>
    [Theory]
    [InlineData(0.9f, 0f)]
    [InlineData(0f, 1f)]
    public void FedNovaWithEqualStepsIsFedAvgOfTheSameRule(float momentum, float mu)
    {
        var clients = EqualSteps(5);
        var averaging = FederatedProx.BuildWeighted(GoldenProblems.Mlp, mu, new Sgd(0.1f, momentum));
        var nova = FedNova.Build(GoldenProblems.Mlp, new Sgd(0.1f, momentum), proximalStrength: mu);
        var (expected, actual) = (averaging.Initialize(), nova.Initialize());
        for (int round = 0; round < 3; round++) (expected, actual) = (averaging.Next(expected, clients).State, nova.Next(actual, clients).State);
        Golden.AssertClose(expected.GlobalModelWeights.ToCanonical(), actual.GlobalModelWeights.ToCanonical(), 3 * 3 * Math.Pow(2, -24), "weights");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void FairAveragingWithoutFairnessIsUniformFedAvg(bool mlp) => AssertSame(
        FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f), weighting: ClientWeighting.Uniform),
        QFedAvg.Build(Model(mlp), 0, new Sgd(0.1f)),
        [.. GoldenProblems.Clients, GoldenProblems.EmptyClient, GoldenProblems.NanClient]);

    [Theory]
    [MemberData(nameof(Models))]
    public void DittosGlobalModelIsFedAvgs(bool mlp) => AssertSame(
        FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f, 0.9f)),
        Ditto.Build(Model(mlp), 0.5f, new Sgd(0.1f, 0.9f)),
        [.. GoldenProblems.Clients, GoldenProblems.EmptyClient, GoldenProblems.NanClient]);

    /// <summary>Without λ a client's own model is what it would have trained without anyone, over the rounds that it takes part in.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void DittoWithoutLambdaIsLocalTraining(bool mlp)
    {
        var model = Model(mlp);
        var rule = new Sgd(0.1f);
        var process = Ditto.Build(model, 0, rule);
        var state = process.Initialize();
        var local = new LocalTraining(model);
        float[] alone = [.. state.GlobalModelWeights.Parameters];
        foreach (int[] cohort in (int[][])[[2, 0, 1], [1, 3], [4, 2], [2]])
        {
            if (cohort.Contains(2))
            {
                local.Train(alone, GoldenProblems.Clients[2], new LocalRule(rule), state.ClientKey(GoldenProblems.Clients[2].ClientId), CancellationToken.None);
                alone = [.. local.Parameters];
            }

            state = process.Next(state, [.. cohort.Select(i => GoldenProblems.Clients[i])]).State;
            Assert.Equal(alone, Ditto.PersonalWeights(state, GoldenProblems.Clients[2].ClientId).Parameters);
        }

        Assert.NotEqual(alone, state.GlobalModelWeights.Parameters);
    }

    /// <summary>A buffer for all, and all of them equally fast: nothing is stale. The same where the server waits for the slowest.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void FedBuffOfEquallyFastClientsIsUniformFedAvg(bool mlp)
    {
        ClientDataset[] clients = [.. GoldenProblems.Clients, GoldenProblems.EmptyClient, GoldenProblems.NanClient];
        foreach (
            var clock in (VirtualClock[])[new() { Speed = new EqualSpeed(0) }, new() { Speed = new LogNormalSpeed(), IsSynchronous = true, Concurrency = clients.Length }])
        {
            foreach (var weighting in (ClientWeighting[])[ClientWeighting.Uniform, ClientWeighting.NumExamples])
            {
                AssertSame(
                    FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f, 0.9f), new Sgd(1f, 0.5f), weighting: weighting),
                    FedBuff.Build(Model(mlp), new Sgd(0.1f, 0.9f), clients.Length, new Sgd(1f, 0.5f), clock: clock, weighting: weighting),
                    clients);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void FedAsyncWithoutDecayIsConstant(bool mlp)
    {
        var clock = new VirtualClock { Speed = new ExponentialSpeed(), Concurrency = 4 };
        var constant = FedAsync.Build(Model(mlp), new Sgd(0.1f), staleness: new ConstantStaleness(), arrivalsPerRound: 4, clock: clock);
        AssertSame(
            constant, FedAsync.Build(Model(mlp), new Sgd(0.1f), staleness: new PolynomialStaleness(0), arrivalsPerRound: 4, clock: clock),
            GoldenProblems.Clients);
        AssertSame(
            constant, FedAsync.Build(Model(mlp), new Sgd(0.1f), staleness: new HingeStaleness(0, 0), arrivalsPerRound: 4, clock: clock),
            GoldenProblems.Clients);
        Assert.NotEqual(
            Run(constant, GoldenProblems.Clients, 3),
            Run(FedAsync.Build(Model(mlp), new Sgd(0.1f), arrivalsPerRound: 4, clock: clock), GoldenProblems.Clients, 3));
    }

    /// <summary>One client at a time that replaces the model: federated averaging of that client.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void FedAsyncOfOneClientIsLocalTraining(bool mlp) => AssertSame(
        FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f)), FedAsync.Build(Model(mlp), new Sgd(0.1f), mixing: 1), GoldenProblems.Clients[..1]);

    /// <summary>One client at a time is never stale: half of its way is half of its way.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void FedBuffOfOneFreshResultIsFedAsync(bool mlp)
    {
        var clock = new VirtualClock { Speed = new ExponentialSpeed(), Concurrency = 1 };
        AssertSame(
            FedAsync.Build(Model(mlp), new Sgd(0.1f), mixing: 0.5, clock: clock),
            FedBuff.Build(Model(mlp), new Sgd(0.1f), 1, new Sgd(0.5f), clock: clock), GoldenProblems.Clients);
    }

    // Clients of different size that make so many steps, of 1, 2 and 1 examples each.
    private static ClientDataset[] EqualSteps(int steps) =>
    [
        .. (((int, int)[])[(0, 1), (2, 2), (4, 1)]).Select(((int Client, int Batch) source) => new ClientDataset(
            GoldenProblems.Clients[source.Client].ClientId, GoldenProblems.Clients[source.Client].Examples, new RowSet(0, steps * source.Batch))
        {
            Pipeline = InputPipeline.Examples.Batch(source.Batch),
        })
    ];

    private static IFusedModel Model(bool mlp) => mlp ? GoldenProblems.Mlp : GoldenProblems.Softmax;

    private static void AssertSame(ILearningProcess first, ILearningProcess second, IReadOnlyList<ClientDataset> clients) =>
        Assert.Equal(Run(first, clients, 3), Run(second, clients, 3));

    private static string Run(ILearningProcess process, IReadOnlyList<ClientDataset> clients, int rounds)
    {
        var state = process.Initialize();
        for (int round = 0; round < rounds; round++)
        {
            var result = process.Next(state, clients);
            Assert.Null(result.Problem);
            Assert.NotEqual(state.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
            state = result.State;
        }

        return state.GlobalModelWeights.Sha256();
    }
}
