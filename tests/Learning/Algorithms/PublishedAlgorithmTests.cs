using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FedPure.Data;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Tensors;
using FedPure.TestData;

namespace FedPure.Learning.Algorithms;

/// <summary>
/// Whole runs equal float64 programs written from the papers: with all clients, and with three of five a round. The same programs in float32 differ from these
/// by at most 1e-6 in weights (4e-7 without Adagrad), 5e-7 in what clients keep and 1.3e-6 in losses, by roundings in another order; four to five times that is
/// the tolerance. The usual mistakes (controls averaged over the cohort, old h, momentum's norm taken for steps, τ inside the root) move a weight by 0.002 to
/// 1.7.
/// </summary>
public class PublishedAlgorithmTests
{
    private const double Tolerance = 5e-6;

    private static readonly Population All = Population.Of(GoldenProblems.Clients);

    private static readonly Sgd Plain = new(0.1f), Momentum = new(0.1f, 0.9f);

    private static readonly Dictionary<string, Func<IModel, ILearningProcess>> Processes = new()
    {
        ["scaffold/softmax_uniform"] = model => Scaffold.Build(model, All, Plain),
        ["scaffold/mlp_uniform"] = model => Scaffold.Build(model, All, Plain),
        ["scaffold/softmax_uniform_schedule"] = model => Scaffold.Build(model, All, Plain),
        ["scaffold/softmax_examples"] = model => Scaffold.Build(model, All, Plain, weighting: ClientWeighting.NumExamples),
        ["scaffold/softmax_examples_schedule"] = model => Scaffold.Build(model, All, Plain, weighting: ClientWeighting.NumExamples),
        ["scaffold/softmax_uniform_serverlr0.5_schedule"] = model => Scaffold.Build(model, All, Plain, new Sgd(0.5f)),
        ["fednova/softmax_sgd"] = model => FedNova.Build(model, Plain),
        ["fednova/mlp_sgd"] = model => FedNova.Build(model, Plain),
        ["fednova/softmax_sgd_schedule"] = model => FedNova.Build(model, Plain),
        ["fednova/softmax_momentum0.9"] = model => FedNova.Build(model, Momentum),
        ["fednova/mlp_momentum0.9"] = model => FedNova.Build(model, Momentum),
        ["fednova/softmax_momentum0.9_schedule"] = model => FedNova.Build(model, Momentum),
        ["fednova/softmax_sgd_uniform"] = model => FedNova.Build(model, Plain, weighting: ClientWeighting.Uniform),
        ["fednova/softmax_sgd_uniform_schedule"] = model => FedNova.Build(model, Plain, weighting: ClientWeighting.Uniform),
        ["fednova/softmax_prox_mu1"] = model => FedNova.Build(model, Plain, proximalStrength: 1f),
        ["fednova/softmax_prox_mu1_tau_steps"] = model => FedNova.Build(model, Plain, proximalStrength: 1f, effectiveSteps: EffectiveSteps.Counts),
        ["feddyn/softmax_alpha0.1"] = model => FedDyn.Build(model, All, 0.1f, Plain),
        ["feddyn/mlp_alpha0.1"] = model => FedDyn.Build(model, All, 0.1f, Plain),
        ["feddyn/softmax_alpha0.1_schedule"] = model => FedDyn.Build(model, All, 0.1f, Plain),
        ["qfedavg/softmax_q0"] = model => QFedAvg.Build(model, 0, Plain),
        ["qfedavg/softmax_q1"] = model => QFedAvg.Build(model, 1, Plain),
        ["qfedavg/mlp_q1"] = model => QFedAvg.Build(model, 1, Plain),
        ["qfedavg/softmax_q1_schedule"] = model => QFedAvg.Build(model, 1, Plain),
        ["qfedavg/softmax_q5"] = model => QFedAvg.Build(model, 5, Plain),
        ["ditto/softmax_lambda0.1"] = model => Ditto.Build(model, 0.1f, Plain),
        ["ditto/mlp_lambda0.1"] = model => Ditto.Build(model, 0.1f, Plain),
        ["ditto/softmax_lambda0.1_schedule"] = model => Ditto.Build(model, 0.1f, Plain),
        ["fedprox/softmax_mu0"] = model => FederatedProx.BuildWeighted(model, 0f, Plain),
        ["fedprox/mlp_mu0"] = model => FederatedProx.BuildWeighted(model, 0f, Plain),
        ["fedprox/softmax_mu0.1"] = model => FederatedProx.BuildWeighted(model, 0.1f, Plain),
        ["fedprox/softmax_mu1"] = model => FederatedProx.BuildWeighted(model, 1f, Plain),
        ["fedprox/mlp_mu1"] = model => FederatedProx.BuildWeighted(model, 1f, Plain),
        ["fedprox/softmax_mu1_schedule"] = model => FederatedProx.BuildWeighted(model, 1f, Plain),
        ["fedprox/softmax_mu1_uniform"] = model => FederatedProx.BuildUnweighted(model, 1f, Plain),
        ["fedopt/softmax_avgm"] = model => Server(model, new Sgd(1f, 0.9f)),
        ["fedopt/mlp_avgm"] = model => Server(model, new Sgd(1f, 0.9f)),
        ["fedopt/softmax_avgm_schedule"] = model => Server(model, new Sgd(1f, 0.9f)),
        ["fedopt/softmax_adagrad"] = model => Server(model, new FedAdagrad(0.1f)),
        ["fedopt/mlp_adagrad"] = model => Server(model, new FedAdagrad(0.1f)),
        ["fedopt/softmax_adagrad_schedule"] = model => Server(model, new FedAdagrad(0.1f)),
        ["fedopt/softmax_adam"] = model => Server(model, new FedAdam(0.05f)),
        ["fedopt/mlp_adam"] = model => Server(model, new FedAdam(0.05f)),
        ["fedopt/softmax_adam_schedule"] = model => Server(model, new FedAdam(0.05f)),
        ["fedopt/softmax_adam_uniform"] = model => Server(model, new FedAdam(0.05f), ClientWeighting.Uniform),
        ["fedopt/softmax_yogi"] = model => Server(model, new FedYogi(0.05f)),
        ["fedopt/mlp_yogi"] = model => Server(model, new FedYogi(0.05f)),
        ["fedopt/softmax_yogi_schedule"] = model => Server(model, new FedYogi(0.05f)),
        ["fedopt/softmax_adagrad_v0"] = model => Server(model, new FedAdagrad(0.1f, initialPreconditionerValue: 0f)),
        ["fedopt/softmax_adam_v0"] = model => Server(model, new FedAdam(0.05f, initialPreconditionerValue: 0f)),
        ["fedopt/softmax_yogi_v0"] = model => Server(model, new FedYogi(0.05f, initialPreconditionerValue: 0f)),
    };

    public static TheoryData<string> Cases => [.. Processes.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheRunIsThePapers(string name)
    {
        IModel model = name.Contains("mlp", StringComparison.Ordinal) ? GoldenProblems.Mlp : GoldenProblems.Softmax;
        var process = Processes[name](model);
        var state = process.Initialize();
        if (model == GoldenProblems.Mlp) state = process.SetModelWeights(state, GoldenProblems.MlpInitialWeights);
        string[] parts = name.Split('/');
        var rounds = Repository.GoldenJson($"beyond/{parts[0]}.json")["cases"]![parts[1]]!["rounds"]!.AsArray();
        Assert.Equal(5, rounds.Count);
        foreach (var round in rounds)
        {
            string where = $"{name}, round {round!["round"]}";
            int[] cohort = [.. round["clients"]!.AsArray().Select(client => (int)client!)];
            (state, var metrics) = process.Next(state, [.. cohort.Select(i => GoldenProblems.Clients[i])]);
            AssertRound(round, cohort, model, state, metrics, where);
        }
    }

    /// <summary>
    /// q-FedAvg's F_i, the loss of a client's data at the server's model and not in training, and h_i, in every round: to 5e-6 of each. A loss is off by 2^-24
    /// for each of its terms of float32, some 3e-7 together, and the server's model by 4e-7; h_i has up to the fifth power of the one and the square of an
    /// update whose elements are differences of numbers ten times as large.
    /// </summary>
    [Theory]
    [InlineData("softmax_q0", 0)]
    [InlineData("softmax_q1", 1)]
    [InlineData("mlp_q1", 1)]
    [InlineData("softmax_q1_schedule", 1)]
    [InlineData("softmax_q5", 5)]
    public void LossesAndStepsOfFairAveragingAreThePapers(string name, int q)
    {
        IModel model = name.StartsWith("mlp", StringComparison.Ordinal) ? GoldenProblems.Mlp : GoldenProblems.Softmax;
        var process = Processes[$"qfedavg/{name}"](model);
        var state = process.Initialize();
        if (model == GoldenProblems.Mlp) state = process.SetModelWeights(state, GoldenProblems.MlpInitialWeights);
        var training = new LocalTraining(model);
        foreach (var round in Repository.GoldenJson("beyond/qfedavg.json")["cases"]![name]!["rounds"]!.AsArray())
        {
            ClientDataset[] cohort = [.. round!["clients"]!.AsArray().Select(client => GoldenProblems.Clients[(int)client!])];
            for (int i = 0; i < cohort.Length; i++)
            {
                double expectedLoss = Golden.Number(round["client_F"]![i]!), expectedStep = Golden.Number(round["client_h"]![i]!);
                string where = $"{name}, round {round["round"]}, client {cohort[i].ClientId}";
                var server = state.GlobalModelWeights.Parameters.AsSpan();
                training.Evaluate(server, cohort[i], CancellationToken.None);
                double loss = training.Measure("loss");
                Golden.AssertClose(expectedLoss, loss, Tolerance * expectedLoss, $"{where}, F");

                training.Train(server, cohort[i], new LocalRule(Plain), state.ClientKey(cohort[i].ClientId), CancellationToken.None);
                double norm = Vectors.NormL2(training.Update);
                var (weight, scale) = QFedAvg.Fairness(q, loss, norm * norm, Plain.LearningRate);
                Golden.AssertClose(expectedStep, weight / Plain.LearningRate, Tolerance * expectedStep, $"{where}, h");

                // What is aggregated, weight times scaled update, is Δ_i = F_i^q·(x - y_i)/η in units of 1/η.
                Golden.AssertClose(Math.Pow(expectedLoss, q), weight * scale, Tolerance * Math.Pow(expectedLoss, q), $"{where}, F^q");
            }

            state = process.Next(state, cohort).State;
        }
    }

    /// <summary>Every case that was recorded is run.</summary>
    [Theory]
    [InlineData("scaffold")]
    [InlineData("fednova")]
    [InlineData("feddyn")]
    [InlineData("qfedavg")]
    [InlineData("ditto")]
    [InlineData("fedprox")]
    [InlineData("fedopt")]
    public void NoCaseIsLeftOut(string file) => Assert.Equal(
        Repository.GoldenJson($"beyond/{file}.json")["cases"]!.AsObject().Select(entry => $"{file}/{entry.Key}").Order(),
        Processes.Keys.Where(name => name.StartsWith($"{file}/", StringComparison.Ordinal)).Order());

    private static ILearningProcess Server(IModel model, IOptimizer rule, ClientWeighting weighting = ClientWeighting.NumExamples) =>
        FederatedAveraging.BuildWeighted(model, Plain, rule, weighting);

    private static void AssertRound(JsonNode golden, int[] cohort, IModel model, ServerState state, MetricTree metrics, string where)
    {
        Golden.AssertClose(Golden.Floats(golden["weights"]!), state.GlobalModelWeights.ToCanonical(), Tolerance, $"{where}, weights");
        Golden.AssertClose(Golden.Number(golden["train_loss"]!), metrics["client_work/train/loss"], Tolerance, $"{where}, loss");
        Golden.AssertClose(Golden.Number(golden["train_accuracy"]!), metrics["client_work/train/sparse_categorical_accuracy"], 1e-7, $"{where}, accuracy");
        Assert.Equal((int)golden["num_examples"]!, metrics["client_work/train/num_examples"]);
        if (golden["tau_eff"] is { } steps)
            Golden.AssertClose(Golden.Number(steps), metrics["client_work/effective_steps"], Tolerance, $"{where}, effective steps");
        if (state.ClientWork is ScaffoldState scaffold) AssertMemory(golden, "server_control", "client_controls", scaffold.Controls, model, where);
        if (state.ClientWork is FedDynState dynamic) AssertMemory(golden, "h", "client_gradients", dynamic.Gradients, model, where);
        if (golden["m"] is { } momentum) AssertServer(momentum, golden["v"], model, state.Finalizer, where);
        if (state.ClientWork is DittoState)
        {
            for (int i = 0; i < GoldenProblems.Clients.Length; i++)
            {
                var personal = Ditto.PersonalWeights(state, GoldenProblems.Clients[i].ClientId).ToCanonical();
                Golden.AssertClose(Golden.Floats(golden["personal_weights"]![i]!), personal, Tolerance, $"{where}, personal model {i}");
            }

            int[] examples = [.. cohort.Select(i => GoldenProblems.Clients[i].Count)];
            double loss = cohort.Select((_, i) => examples[i] * Golden.Number(golden["personal_train_loss"]![i]!)).Sum() / examples.Sum();
            Golden.AssertClose(loss, metrics["client_work/personal/loss"], Tolerance, $"{where}, personal loss");
        }
    }

    // The papers' server adds m, made of Δ; here it subtracts the same of the gradient -Δ.
    private static void AssertServer(JsonNode momentum, JsonNode? squares, IModel model, OptimizerState server, string where)
    {
        int length = model.Layout.TrainableLength;
        Golden.AssertClose([.. Golden.Floats(momentum).Select(m => -m)], Canonical(model, server.State[..length]), Tolerance, $"{where}, m");
        if (squares is not null) Golden.AssertClose(Golden.Floats(squares), Canonical(model, server.State[length..]), Tolerance, $"{where}, v");
    }

    // A client that has not taken part keeps nothing where the paper's has zeros.
    private static void AssertMemory(JsonNode golden, string mean, string byClient, ClientMemory memory, IModel model, string where)
    {
        Golden.AssertClose(Golden.Floats(golden[mean]!), Canonical(model, memory.Mean), Tolerance, $"{where}, {mean}");
        for (int i = 0; i < GoldenProblems.Clients.Length; i++)
        {
            var vector = memory.ByClient.GetValueOrDefault(GoldenProblems.Clients[i].ClientId, [.. new float[model.Layout.Length]]);
            Golden.AssertClose(Golden.Floats(golden[byClient]![i]!), Canonical(model, vector), Tolerance, $"{where}, {byClient} {i}");
        }
    }

    private static float[] Canonical(IModel model, ImmutableArray<float> parameters) => new ModelWeights(model.Layout, parameters).ToCanonical();
}
