using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.TestData;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Rounds with NaN, empty or no clients. The weights equal TensorFlow Federated 0.87.0's wherever it does what is right, and the model is unchanged where it
/// leaves it; where its metrics or state become NaN for one client's sake, ours are those of the round without that client.
/// </summary>
public class EdgeCaseTests
{
    private const double LossTolerance = 5e-6, WeightTolerance = 2e-6;

    private static readonly JsonNode Recorded = Repository.GoldenJson("algorithms/edge_cases.json");

    // Two more than the clients of the problem, for those that fail or are empty.
    private static readonly Population Population = new(7, 33);

    private static readonly Dictionary<string, ILearningProcess> Processes = new()
    {
        ["fedavg_weighted_momentum"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new Sgd(1f, 0.9f)),
        ["fedavg_uniform"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), weighting: ClientWeighting.Uniform),
        ["fedavg_unweighted"] = FederatedAveraging.BuildUnweighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        ["fedsgd"] = FederatedSgd.Build(GoldenProblems.Softmax),
        ["mimelite"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)),
        ["fedprox"] = FederatedProx.BuildWeighted(GoldenProblems.Softmax, 1f, new Sgd(0.1f)),
        ["scaffold"] = Scaffold.Build(GoldenProblems.Softmax, Population, new Sgd(0.1f)),
        ["scaffold, by examples"] = Scaffold.Build(GoldenProblems.Softmax, Population, new Sgd(0.1f), weighting: ClientWeighting.NumExamples),
        ["fednova"] = FedNova.Build(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)),
        ["feddyn"] = FedDyn.Build(GoldenProblems.Softmax, Population, 0.1f, new Sgd(0.1f)),
        ["qfedavg"] = QFedAvg.Build(GoldenProblems.Softmax, 2, new Sgd(0.1f)),
        ["ditto"] = Ditto.Build(GoldenProblems.Softmax, 0.1f, new Sgd(0.1f)),
    };

    public static TheoryData<string> Algorithms => [.. Processes.Keys];

    [Theory]
    [InlineData("all_nan")]
    [InlineData("all_empty")]
    [InlineData("zero_clients")]
    public void ARoundWithoutAMeanIsGolden(string situation) =>
        AssertGolden($"fedavg_weighted_momentum_{situation}", Processes["fedavg_weighted_momentum"], situation switch
        {
            "all_nan" => [GoldenProblems.NanClient, GoldenProblems.NanClient with { ClientId = "nan2" }],
            "all_empty" => [GoldenProblems.EmptyClient, GoldenProblems.EmptyClient with { ClientId = "empty2" }],
            _ => [],
        });

    /// <summary>Clients 0 and 3 beside an empty one: by examples it weighs nothing, by clients it counts as a zero update.</summary>
    [Theory]
    [InlineData("fedavg_weighted_momentum")]
    [InlineData("fedavg_uniform")]
    [InlineData("fedavg_unweighted")]
    [InlineData("fedsgd")]
    public void AnEmptyClientIsGolden(string algorithm) =>
        AssertGolden($"{algorithm}_one_empty", Processes[algorithm], [GoldenProblems.Clients[0], GoldenProblems.EmptyClient, GoldenProblems.Clients[3]]);

    [Theory]
    [InlineData("fedavg_weighted_momentum")]
    [InlineData("fedavg_uniform")]
    public void ANanClientIsGolden(string algorithm) =>
        AssertGolden($"{algorithm}_one_nan", Processes[algorithm], [GoldenProblems.Clients[0], GoldenProblems.NanClient, GoldenProblems.Clients[3]]);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ANanClientIsLeftOutOfEverything(string algorithm)
    {
        var process = Processes[algorithm];
        ClientDataset[] good = [GoldenProblems.Clients[0], GoldenProblems.Clients[3]];
        var with = process.Next(process.Initialize(), [good[0], GoldenProblems.NanClient, good[1]]);
        var without = process.Next(process.Initialize(), good);
        Assert.Equal(["nan"], with.NonFiniteClients.ToArray());
        Assert.Equal(without.Metrics.ToString(), with.Metrics.ToString());
        AssertSameNextRound(process, without.State, with.State);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ARoundWithoutAnyUsableClientIsNoRound(string algorithm)
    {
        var process = Processes[algorithm];
        var before = process.Next(process.Initialize(), GoldenProblems.Clients).State;
        foreach (ClientDataset[] cohort in new ClientDataset[][] { [], [GoldenProblems.NanClient, GoldenProblems.NanClient with { ClientId = "nan2" }] })
        {
            var result = process.Next(before, cohort);
            Assert.Equal(before.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
            Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
            Assert.Equal(0, result.Metrics["client_work/train/num_examples"]);
            Assert.NotNull(result.Problem);
            AssertSameNextRound(process, before, result.State with { Round = before.Round });
        }
    }

    /// <summary>By clients, empty ones are a mean of zero updates, which changes nothing under plain SGD; by examples there is no mean.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ARoundOfEmptyClientsLeavesTheModel(string algorithm)
    {
        var process = Processes[algorithm];
        var state = process.Initialize();
        var result = process.Next(state, [GoldenProblems.EmptyClient, GoldenProblems.EmptyClient with { ClientId = "empty2" }]);
        Assert.Equal(state.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(algorithm is "fedavg_uniform" or "fedavg_unweighted" or "scaffold" or "feddyn" ? 0 : 1, result.Metrics["finalizer/update_non_finite"]);
        AssertSameNextRound(process, state, result.State with { Round = 0 });
    }

    [Fact]
    public void HyperparametersAndWeightsAreReplacedBetweenRounds()
    {
        var golden = Recorded["hparams_and_weights"]!;
        var process = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f), new Adam(0.05f));
        var state = process.Next(process.Initialize(), GoldenProblems.Clients).State;
        AssertHyperparameters(golden["get_hparams_initial"]!, process.GetHyperparameters(process.Initialize()));

        state = process.SetHyperparameters(
            state, new ProcessHyperparameters([new("learning_rate", 0.5f)], [new("learning_rate", 0.2f), new("epsilon", 1e-3f)]));
        AssertHyperparameters(golden["set_hparams"]!, process.GetHyperparameters(state));
        (state, var metrics) = process.Next(state, GoldenProblems.Clients);
        Golden.AssertMetrics(golden["round_2_metrics"]!, metrics, LossTolerance, "round 2");

        // Adam divides by √p + 1e-3 with √p as small as 1e-3: a rounding of 1e-7 in the update is one of 1e-4 · 0.2 in the step at most, and mostly far less.
        Golden.AssertWeights(golden["state_after_round_2"]!["global_model_weights"]!, state.GlobalModelWeights, 1e-5, "round 2");

        var weights = ModelWeights.FromCanonical(GoldenProblems.Softmax.Layout, [.. Enumerable.Repeat(0.1f, 24), 0, 0, 0, 0]);
        (state, metrics) = process.Next(process.SetModelWeights(state, weights), GoldenProblems.Clients);
        Golden.AssertMetrics(golden["round_3_metrics"]!, metrics, LossTolerance, "round 3");
        Golden.AssertWeights(golden["state_after_round_3"]!["global_model_weights"]!, state.GlobalModelWeights, 1e-5, "round 3");
    }

    [Fact]
    public void HyperparametersThatAProcessDoesNotKeepAreRefused()
    {
        var process = Processes["fedprox"];
        Assert.Empty(process.GetHyperparameters(process.Initialize()).ClientWork);
        Assert.Throws<ArgumentException>(() => process.SetHyperparameters(process.Initialize(), new ProcessHyperparameters([new("learning_rate", 1)], [])));
        Assert.Throws<ArgumentException>(() => process.SetHyperparameters(process.Initialize(), new ProcessHyperparameters([], [new("momentun", 1)])));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => process.SetHyperparameters(process.Initialize(), new ProcessHyperparameters([], [new("learning_rate", -1)])));
    }

    private static void AssertGolden(string name, ILearningProcess process, ClientDataset[] clients)
    {
        // With momentum the first of three rounds is an ordinary one, so that the optimizer has something to lose.
        var state = process.Initialize();
        var rounds = Recorded[name]!["rounds"]!.AsArray();
        Assert.NotEmpty(rounds);
        foreach (var round in rounds)
        {
            (state, var metrics) = process.Next(state, rounds.Count == 3 && state.Round == 0 ? GoldenProblems.Clients : clients);
            Golden.AssertMetrics(round!["metrics"]!, metrics, LossTolerance, name);
            Golden.AssertWeights(round["state"]!["global_model_weights"]!, state.GlobalModelWeights, WeightTolerance, name);
        }
    }

    // Whatever a state holds shows in the rounds that follow.
    private static void AssertSameNextRound(ILearningProcess process, ServerState expected, ServerState actual)
    {
        for (int round = 0; round < 2; round++)
        {
            expected = process.Next(expected, GoldenProblems.Clients).State;
            actual = process.Next(actual, GoldenProblems.Clients).State;
            Assert.Equal(expected.GlobalModelWeights.Sha256(), actual.GlobalModelWeights.Sha256());
        }
    }

    private static void AssertHyperparameters(JsonNode golden, ProcessHyperparameters values)
    {
        Assert.Equal(Pairs(golden["client_work"]!), values.ClientWork.Select(value => (value.Name, value.Value)));
        Assert.Equal(Pairs(golden["finalizer"]!), values.Finalizer.Select(value => (value.Name, value.Value)));
    }

    private static IEnumerable<(string, float)> Pairs(JsonNode node) => node.AsObject().Select(entry => (entry.Key, (float)Golden.Number(entry.Value!)));
}
