using FedPure.Data;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Learning;

/// <summary>The tutorial's settings, which the golden runs share.</summary>
internal static class Tutorial
{
    public static readonly FederatedSplits Digits = DigitsDataset.Load();

    public static readonly InputPipeline Pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);

    public static readonly IFusedModel Softmax = new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy();

    public static ClientDataset[] TrainClients(int count) => Clients(Digits.Train, count);

    public static ClientDataset[] TestClients(int count) => Clients(Digits.Test, count);

    public static ILearningProcess Process(IModel model, int threads = 1) =>
        FederatedAveraging.BuildWeighted(model, new Sgd(0.02f), new Sgd(1f), threads: threads);

    private static ClientDataset[] Clients(IFederatedDataset split, int count) =>
        [.. split.ClientIds.Take(count).Select(id => split.GetClient(id).Preprocess(Pipeline))];
}
