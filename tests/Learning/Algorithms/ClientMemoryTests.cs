using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning.Algorithms;

/// <summary>What clients keep between rounds: its mean at the server, and that nothing but a client's own successful round changes it.</summary>
public class ClientMemoryTests
{
    private static readonly IModel Model = GoldenProblems.Mlp;

    private static readonly ClientDataset[] Clients = GoldenProblems.Clients;

    private static readonly Population All = Population.Of(Clients);

    // Partial participation, and one cohort of a single client.
    private static readonly int[][] Cohorts = [[0, 1, 2], [3, 1], [4, 2, 0], [1], [0, 1, 2, 3, 4], [3, 0]];

    private static readonly Dictionary<string, ILearningProcess> Processes = new()
    {
        ["scaffold"] = Scaffold.Build(Model, All, new Sgd(0.1f)),
        ["scaffold, by examples"] = Scaffold.Build(Model, All, new Sgd(0.1f), weighting: ClientWeighting.NumExamples),
        ["feddyn"] = FedDyn.Build(Model, All, 0.1f, new Sgd(0.1f)),
        ["feddyn, by examples"] = FedDyn.Build(Model, All, 0.1f, new Sgd(0.1f), weighting: ClientWeighting.NumExamples),
        ["ditto"] = Ditto.Build(Model, 0.1f, new Sgd(0.1f)),
    };

    public static TheoryData<string> Names => [.. Processes.Keys];

    /// <summary>
    /// SCAFFOLD's c = Σ q_i·c_i and FedDyn's h = Σ q_i·G_i over all clients, absent ones included. Each round rounds the mean twice and a client's vector once,
    /// in numbers below 4: 6 rounds · 3 · 4 · 2^-24 = 4.3e-6.
    /// </summary>
    [Theory]
    [InlineData("scaffold", false)]
    [InlineData("scaffold, by examples", true)]
    [InlineData("feddyn", false)]
    [InlineData("feddyn, by examples", true)]
    public void TheServerHasTheMeanOfTheClientsMemories(string name, bool byExamples)
    {
        var state = Processes[name].Initialize();
        foreach (int[] cohort in Cohorts)
        {
            state = Processes[name].Next(state, [.. cohort.Select(i => Clients[i])]).State;
            var memory = state.ClientWork is ScaffoldState scaffold ? scaffold.Controls : ((FedDynState)state.ClientWork).Gradients;
            double[] mean = new double[Model.Layout.Length];
            foreach (var client in Clients.Where(client => memory.ByClient.ContainsKey(client.ClientId)))
            {
                double share = byExamples ? (double)client.Count / All.Examples : 1.0 / All.Clients;
                for (int i = 0; i < mean.Length; i++) mean[i] += share * memory.ByClient[client.ClientId][i];
            }

            Assert.Contains(memory.Mean, value => Math.Abs(value) > 1e-3);
            for (int i = 0; i < mean.Length; i++) Golden.AssertClose(mean[i], memory.Mean[i], 4.3e-6, $"{name}, round {state.Round}, [{i}]");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OnlyTheCohortsMemoriesChange(string name)
    {
        var state = Processes[name].Initialize();
        Assert.Empty(Memories(state));
        foreach (int[] cohort in Cohorts)
        {
            var before = Memories(state);
            state = Processes[name].Next(state, [.. cohort.Select(i => Clients[i])]).State;
            var after = Memories(state);
            string[] ids = [.. cohort.Select(i => Clients[i].ClientId)];
            Assert.Equal(before.Keys.Union(ids).Order(), after.Keys.Order());
            Assert.All(ids, id => Assert.False(before.TryGetValue(id, out var was) && was.SequenceEqual(after[id])));

            // Not even copied: consecutive states share them.
            Assert.All(before.Keys.Except(ids), id => Assert.True(before[id] == after[id]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnOldStateCanBeContinuedFrom(string name)
    {
        var process = Processes[name];
        var state = process.Next(process.Initialize(), Clients).State;
        string first = process.Next(state, Clients[..3]).State.GlobalModelWeights.Sha256();
        _ = process.Next(process.Next(state, Clients[2..]).State, Clients);
        Assert.Equal(first, process.Next(state, Clients[..3]).State.GlobalModelWeights.Sha256());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AClientThatFailsKeepsWhatItHad(string name)
    {
        var process = Processes[name];
        var before = process.Next(process.Initialize(), Clients).State;
        var failing = GoldenProblems.NanClient with { ClientId = Clients[2].ClientId };
        var with = process.Next(before, [Clients[0], failing, Clients[4]]);
        var without = process.Next(before, [Clients[0], Clients[4]]).State;
        Assert.Equal([failing.ClientId], with.NonFiniteClients.ToArray());
        Assert.True(Memories(before)[failing.ClientId] == Memories(with.State)[failing.ClientId]);
        Assert.Equal(without.GlobalModelWeights.Sha256(), with.State.GlobalModelWeights.Sha256());
        Assert.All(Memories(without), entry => Assert.True(entry.Value.SequenceEqual(Memories(with.State)[entry.Key])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARoundThatLeavesTheModelLeavesWhatClientsKeep(string name)
    {
        // Clients that step by 10 move some parameter by more than 1, and the server by more than the largest float32 times that.
        var compressed = new Compression(new TopK(0.2), new WeightedMean(), errorFeedback: true);
        var rule = new Sgd(10f);
        ILearningProcess process = name.Split(',')[0] switch
        {
            "ditto" => Ditto.Build(Model, 0.01f, rule, aggregator: compressed),
            "feddyn" => FedDyn.Build(Model, All, 0.01f, rule, aggregator: compressed),
            _ => Scaffold.Build(Model, All, rule, aggregator: compressed),
        };
        var before = process.Next(process.Initialize(), Clients).State;
        Assert.Equal(Clients.Length, Memories(before).Count);
        before = before with { Finalizer = before.Finalizer with { Rule = new Sgd(float.MaxValue) } };
        var result = process.Next(before, Clients[1..]);
        Assert.Contains("server optimizer", result.Problem, StringComparison.Ordinal);
        Assert.Empty(result.NonFiniteClients);
        Assert.Equal(1, result.Metrics["finalizer/update_non_finite"]);
        Assert.Same(before.ClientWork, result.State.ClientWork);
        CompressionState memory = (CompressionState)before.Aggregator, kept = (CompressionState)result.State.Aggregator;
        Assert.Same(memory.Memory, kept.Memory);
        Assert.Equal(memory.Round + 1, kept.Round);
        Assert.Equal(before.GlobalModelWeights.Sha256(), result.State.GlobalModelWeights.Sha256());
        Assert.Equal(before.Round + 1, result.State.Round);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AClientTwiceInARoundIsRefused(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Processes[name].Next(Processes[name].Initialize(), [Clients[0], Clients[1], Clients[0]]));
        Assert.Contains($"'{Clients[0].ClientId}' comes twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreClientsThanThePopulationAreRefused()
    {
        var process = Scaffold.Build(Model, new Population(4, 33), new Sgd(0.1f));
        var state = process.Next(process.Initialize(), Clients[..3]).State;
        _ = process.Next(state, [Clients[0], Clients[3]]);
        var error = Assert.Throws<ArgumentException>(() => process.Next(state, Clients[2..]));
        Assert.Contains("5 clients have come so far, but the process was built for a population of 4", error.Message, StringComparison.Ordinal);
    }

    private static ImmutableDictionary<string, ImmutableArray<float>> Memories(ServerState state) => state.ClientWork switch
    {
        ScaffoldState scaffold => scaffold.Controls.ByClient,
        FedDynState dynamic => dynamic.Gradients.ByClient,
        _ => ((DittoState)state.ClientWork).PersonalModels,
    };
}
