using FedPure.Data;
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
        AssertSame(FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f, 0.9f)), FederatedProx.BuildWeighted(Model(mlp), 0, new Sgd(0.1f, 0.9f)), GoldenProblems.Clients);

    [Theory]
    [MemberData(nameof(Models))]
    public void MimeLiteWithPlainSgdIsFedAvg(bool mlp) =>
        AssertSame(FederatedAveraging.BuildWeighted(Model(mlp), new Sgd(0.1f)), MimeLite.BuildWeighted(Model(mlp), new Sgd(0.1f)), GoldenProblems.Clients);

    /// <summary>
    /// One step of rate 1 over a full batch has the update w - (w - g), and over zero weights, where that is g to the last bit, the server takes the same gradient. A
    /// batch of n examples is summed as n·g and divided by n: exact for the powers of two that the clients have here.
    /// </summary>
    [Fact]
    public void FederatedSgdIsFedAvgOfOneFullStep()
    {
        var clients = GoldenProblems.Clients.Select(client => new ClientDataset(client.ClientId, client.Examples, new RowSet(0, Math.Min(4, client.Count))) { Pipeline = InputPipeline.Examples.Batch(4) }).ToArray();
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
