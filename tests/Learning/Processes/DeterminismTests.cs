using FedPure.Data;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;

namespace FedPure.Learning.Processes;

/// <summary>One result for any number of threads and any order of clients, to the last bit of every weight and metric.</summary>
public class DeterminismTests
{
    private static readonly (string Name, IModel Model)[] Models =
    [
        ("softmax", Tutorial.Softmax),
        ("mlp", new Sequential(784, seed: 3).Dense(24, ActivationFunction.Relu).Dense(10).SoftmaxCrossEntropy()),
        ("handwritten", new HandwrittenModel()),
    ];

    public static TheoryData<string> Names => [.. Models.Select(model => model.Name)];

    [Theory, MemberData(nameof(Names))]
    public void ThreadsAndOrderOfClientsDoNotShow(string name)
    {
        var model = Models.Single(candidate => candidate.Name == name).Model;
        var clients = Tutorial.TrainClients(12);
        var expected = Run(model, 1, clients);
        var reversed = clients.Reverse().ToArray();
        var shuffled = clients.ToArray();
        new System.Random(5).Shuffle(shuffled);
        foreach (int threads in (int[])[1, 2, 3, 8, 20])
        {
            Assert.Equal(expected, Run(model, threads, clients));
            Assert.Equal(expected, Run(model, threads, reversed));
            Assert.Equal(expected, Run(model, threads, shuffled));
        }
    }

    [Fact]
    public void AnOldStateCanBeContinuedFromAgain()
    {
        var process = Tutorial.Process(Tutorial.Softmax);
        var clients = Tutorial.TrainClients(3);
        var first = process.Next(process.Initialize(), clients).State;
        string hash = first.GlobalModelWeights.Sha256();
        var second = process.Next(first, clients).State.GlobalModelWeights.Sha256();
        process.Next(process.Initialize(), Tutorial.TrainClients(5));
        Assert.Equal(hash, first.GlobalModelWeights.Sha256());
        Assert.Equal(second, process.Next(first, clients).State.GlobalModelWeights.Sha256());
    }

    [Fact]
    public void SeedsOfInitialWeightsMatterAndRepeat()
    {
        Assert.Equal(Hash(1), Hash(1));
        Assert.NotEqual(Hash(1), Hash(2));

        static string Hash(long seed) => Tutorial.Process(new Sequential(784, seed).Dense(10).SoftmaxCrossEntropy()).Initialize().GlobalModelWeights.Sha256();
    }

    private static string Run(IModel model, int threads, ClientDataset[] clients)
    {
        var process = Tutorial.Process(model, threads);
        var state = process.Initialize();
        string log = "";
        for (int round = 0; round < 2; round++)
        {
            (state, var metrics) = process.Next(state, clients);
            log += metrics;
        }

        var evaluation = FederatedEvaluation.Build(model, threads: threads);
        log += evaluation.Next(evaluation.SetModelWeights(evaluation.Initialize(), state.GlobalModelWeights), clients).Metrics;
        return log + state.GlobalModelWeights.Sha256();
    }
}
