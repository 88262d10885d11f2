using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>Federated averaging with rules that remember: where their state starts, and that clients share none of it.</summary>
public class OptimizerStateTests
{
    private static readonly ClientDataset[] Clients = [.. Tutorial.TrainClients(3)];

    public static TheoryData<string> Names => Rules.Names;

    [Theory, MemberData(nameof(Names))]
    public void TheServersRuleStartsItsOwnState(string name)
    {
        var rule = Rules.All[name];
        var process = FederatedAveraging.BuildWeighted(Tutorial.Softmax, new Sgd(0.02f), rule);
        var state = process.Initialize();
        Assert.Equal(rule.InitialState(state.GlobalModelWeights.Layout), state.Finalizer.State.AsSpan().ToArray());

        // One step of the rule on the update that a server of plain descent at rate 1 subtracts, which is w - (w - update): a rounding of a weight below 1.
        var plain = FederatedAveraging.BuildWeighted(Tutorial.Softmax, new Sgd(0.02f));
        float[] update = [.. plain.Next(plain.Initialize(), Clients).State.GlobalModelWeights.Parameters.Select(w => -w)];
        float[] expected = new float[update.Length];
        rule.Step(state.GlobalModelWeights.Layout, expected, update, rule.InitialState(state.GlobalModelWeights.Layout));
        Assert.Equal(expected, process.Next(state, Clients).State.GlobalModelWeights.Parameters);
    }

    [Theory, MemberData(nameof(Names))]
    public void EachClientStartsTheRuleAfresh(string name)
    {
        // The same worker takes the clients one after another; a state left over from one would show in the next, and in the second round.
        var rule = Rules.All[name].WithLearningRate(0.01f);
        var model = Tutorial.Softmax;
        var layout = model.Layout;
        var process = FederatedAveraging.BuildWeighted(model, rule);
        var first = process.Initialize();
        process.Next(first, Clients);
        foreach (var client in Clients)
        {
            float[] parameters = new float[layout.Length], gradient = new float[layout.Length], workspace = new float[model.WorkspaceLength(20)],
                state = rule.InitialState(layout);
            var sums = new double[6];
            var reader = new BatchReader();
            reader.Begin(client);
            while (reader.Read(out var batch))
            {
                model.LossAndGradient(parameters, batch, gradient, sums, workspace);
                rule.Step(layout, parameters, gradient, state);
            }

            // From zero weights the update is -parameters, its mean over one client itself to 2^-60, and the server's step 0 - update.
            var actual = process.Next(first, [client]).State.GlobalModelWeights.Parameters;
            for (int i = 0; i < parameters.Length; i++) Assert.Equal(parameters[i], actual[i], 1e-9f + Math.Abs(parameters[i]) * 1e-7f);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void TheHashDependsOnNeitherThreadsNorOrder(string name)
    {
        Assert.Equal(Hash(1, Clients), Hash(2, [.. Clients.Reverse()]));

        string Hash(int threads, ClientDataset[] clients)
        {
            var rule = Rules.All[name].WithLearningRate(0.01f);
            var process = FederatedAveraging.BuildWeighted(Tutorial.Softmax, rule, rule, threads: threads);
            var state = process.Initialize();
            for (int round = 0; round < 3; round++) state = process.Next(state, clients).State;
            return state.GlobalModelWeights.Sha256();
        }
    }
}
