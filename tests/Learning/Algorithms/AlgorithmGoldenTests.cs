using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.TestData;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Whole runs of every algorithm equal TensorFlow Federated 0.87.0's. The other side sums in float32 in the order of the clients, where we round once: with
/// weights of order 1, five rounds of up to 7 steps and 5 clients leave about √(5·12)·2^-24 = 5e-7, so 2e-6 for weights and 5e-6 of a loss. Counts and
/// accuracies are exact.
/// </summary>
public class AlgorithmGoldenTests
{
    private const double LossTolerance = 5e-6, WeightTolerance = 2e-6;

    private static readonly Dictionary<string, ILearningProcess> Processes = new()
    {
        ["fedavg/softmax_weighted_sgd"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        ["fedavg/softmax_uniform_sgd"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), weighting: ClientWeighting.Uniform),
        ["fedavg/softmax_unweighted_sgd"] = FederatedAveraging.BuildUnweighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        ["fedavg/mlp_weighted_sgd"] = FederatedAveraging.BuildWeighted(GoldenProblems.Mlp, new Sgd(0.1f)),
        ["fedavg/softmax_client_momentum0.9"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)),
        ["fedavg/softmax_client_adam"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Adam(0.01f)),
        ["fedavg/softmax_client_adamw"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new AdamW(0.01f)),
        ["fedavg/softmax_client_adagrad"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Adagrad(0.1f)),
        ["fedavg/softmax_client_rmsprop"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new RmsProp(0.01f)),
        ["fedavg/softmax_client_yogi"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Yogi(0.01f)),
        ["fedavg/softmax_server_sgd0.5"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new Sgd(0.5f)),
        ["fedavg/softmax_server_momentum0.9"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new Sgd(1f, 0.9f)),
        ["fedavg/softmax_server_adam"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new Adam(0.05f)),
        ["fedavg/softmax_server_adamw"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new AdamW(0.05f, weightDecay: 0.1f)),
        ["fedavg/softmax_server_adagrad"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new Adagrad(0.1f)),
        ["fedavg/softmax_server_rmsprop"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new RmsProp(0.05f)),
        ["fedavg/softmax_server_yogi"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f), new Yogi(0.05f)),
        ["fedavg/mlp_client_momentum_server_adam"] = FederatedAveraging.BuildWeighted(GoldenProblems.Mlp, new Sgd(0.1f, 0.9f), new Adam(0.05f)),
        ["fedavg/mlp_client_adam_server_yogi_unweighted"] = FederatedAveraging.BuildUnweighted(GoldenProblems.Mlp, new Adam(0.01f), new Yogi(0.05f)),
        ["fedavg/softmax_dataset_iterator"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        ["fedavg_schedule/softmax_step_sgd"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(1f), clientSchedule: new TwoRates()),
        ["fedavg_schedule/softmax_inverse_momentum_server_adam"] = FederatedAveraging.BuildWeighted(
            GoldenProblems.Softmax, new Sgd(0.1f, 0.9f), new Adam(0.05f), clientSchedule: new InverseSchedule(1)),
        ["fedavg_schedule/mlp_inverse_adam"] = FederatedAveraging.BuildWeighted(GoldenProblems.Mlp, new Adam(0.1f), clientSchedule: new InverseSchedule(1)),
        ["fedavg/linear_weighted_sgd"] = FederatedAveraging.BuildWeighted(GoldenProblems.Linear, new Sgd(0.1f)),
        ["fedavg/linear_d4_only"] = FederatedAveraging.BuildWeighted(GoldenProblems.Linear, new Sgd(0.1f)),
        ["fedsgd/linear_default"] = FederatedSgd.Build(GoldenProblems.Linear),
        ["fedprox/softmax_weighted_mu0"] = FederatedProx.BuildWeighted(GoldenProblems.Softmax, 0, new Sgd(0.1f)),
        ["fedsgd/softmax_default"] = FederatedSgd.Build(GoldenProblems.Softmax),
        ["fedsgd/softmax_server_adam"] = FederatedSgd.Build(GoldenProblems.Softmax, new Adam(0.05f)),
        ["fedsgd/mlp_server_momentum"] = FederatedSgd.Build(GoldenProblems.Mlp, new Sgd(0.5f, 0.9f)),
        ["fedavg_aggregators/robust_default"] = FederatedAveraging.BuildWeighted(GoldenProblems.Softmax, new Sgd(1f), aggregator: RobustAggregator.Create()),
        ["fedavg_aggregators/robust_unweighted"] = FederatedAveraging.BuildUnweighted(
            GoldenProblems.Softmax, new Sgd(1f), aggregator: RobustAggregator.Create(weighted: false)),
        ["fedavg_aggregators/clip_0.5"] = FederatedAveraging.BuildWeighted(
            GoldenProblems.Softmax, new Sgd(1f), aggregator: new Clipping(NormBound.Fixed(0.5f), new WeightedMean())),
        ["fedavg_aggregators/zero_0.5"] = FederatedAveraging.BuildWeighted(
            GoldenProblems.Softmax, new Sgd(1f), aggregator: new Zeroing(NormBound.Fixed(0.5f), new WeightedMean())),
        ["mimelite/softmax_weighted_sgd"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f)),
        ["mimelite/softmax_weighted_momentum"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)),
        ["mimelite/softmax_unweighted_momentum"] = MimeLite.BuildUnweighted(GoldenProblems.Softmax, new Sgd(0.1f, 0.9f)),
        ["mimelite/softmax_weighted_adam"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Adam(0.01f)),
        ["mimelite/softmax_weighted_adagrad"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Adagrad(0.1f)),
        ["mimelite/softmax_weighted_rmsprop_uniform"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new RmsProp(0.01f), weighting: ClientWeighting.Uniform),
        ["mimelite/mlp_weighted_momentum_server_momentum"] = MimeLite.BuildWeighted(GoldenProblems.Mlp, new Sgd(0.1f, 0.9f), new Sgd(0.5f, 0.9f)),
        ["mimelite/softmax_schedule_step_momentum"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Sgd(1f, 0.9f), baseSchedule: new TwoRates()),
        ["mimelite/softmax_schedule_inverse_adam"] = MimeLite.BuildWeighted(GoldenProblems.Softmax, new Adam(0.1f), baseSchedule: new InverseSchedule(1)),
    };

    public static TheoryData<string> Cases => [.. Processes.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheRunIsGolden(string name) => AssertRun(name, Processes[name], name switch
    {
        "fedavg/linear_d4_only" => GoldenProblems.LinearClients[..1],
        _ when name.Contains("/linear", StringComparison.Ordinal) => GoldenProblems.LinearClients,
        _ => GoldenProblems.Clients,
    });

    /// <summary>
    /// TensorFlow Federated 0.87.0 adds mu·(server - w) to the gradient, the textbook's mu·(w - server) with the sign reversed. With the negative of mu, which
    /// the library refuses, its runs come out; with mu they do not.
    /// </summary>
    [Theory]
    [InlineData("softmax_weighted_mu0.1", 0.1f, 0f)]
    [InlineData("softmax_weighted_mu1", 1f, 0f)]
    [InlineData("mlp_weighted_mu1", 1f, 0f)]
    [InlineData("softmax_weighted_mu1_client_momentum", 1f, 0.9f)]
    [InlineData("linear_mu1", 1f, 0f)]
    public void FedProxIsUpstreamsWithTheOtherSign(string name, float mu, float momentum)
    {
        var (model, clients) = name.Split('_')[0] switch
        {
            "mlp" => (GoldenProblems.Mlp, GoldenProblems.Clients),
            "linear" => (GoldenProblems.Linear, GoldenProblems.LinearClients),
            _ => (GoldenProblems.Softmax, GoldenProblems.Clients),
        };
        AssertRun($"fedprox/{name}", Proximal(-mu), clients);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertRun($"fedprox/{name}", Proximal(mu), clients));

        ComposedProcess Proximal(float strength) => new(
            model,
            new ClientUpdate(model, new FixedClientRule(new Sgd(0.1f, momentum)), ClientWeighting.NumExamples) { ProximalStrength = strength },
            new WeightedMean(),
            new Sgd(1f));
    }

    private static void AssertRun(string name, ILearningProcess process, IReadOnlyList<ClientDataset> clients)
    {
        var golden = Case(name);
        var state = process.Initialize();
        if (name.Contains("mlp", StringComparison.Ordinal)) state = process.SetModelWeights(state, GoldenProblems.MlpInitialWeights);
        Golden.AssertWeights(golden["initial_state"]!["global_model_weights"]!, state.GlobalModelWeights, 0, name);
        var rounds = golden["rounds"]!.AsArray();
        Assert.NotEmpty(rounds);
        foreach (var round in rounds)
        {
            string where = $"{name}, round {round!["round"]}";
            (state, var metrics) = process.Next(state, clients);
            Golden.AssertMetrics(round["metrics"]!, metrics, LossTolerance, where);
            Golden.AssertWeights(round["state"]!["global_model_weights"]!, state.GlobalModelWeights, WeightTolerance, where);
        }
    }

    private static JsonNode Case(string name)
    {
        string[] parts = name.Split('/');
        var file = Repository.GoldenJson($"algorithms/{parts[0]}.json");
        return (file["cases"] ?? file)[parts[1]]!;
    }

    /// <summary>0.1 in the first two rounds, then 0.02.</summary>
    private sealed record TwoRates : LearningRateSchedule
    {
        public override double Factor(int round) => round < 2 ? 0.1 : 0.02;
    }
}
