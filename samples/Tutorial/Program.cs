using FedPure.Data;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

var digits = DigitsDataset.Load();
var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);
var clients = digits.Train.ClientIds.Take(10).Select(id => digits.Train.GetClient(id).Preprocess(pipeline)).ToArray();

var model = new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy();
var process = FederatedAveraging.BuildWeighted(model, clientOptimizer: new Sgd(0.02f), serverOptimizer: new Sgd(1f));
var state = process.Initialize();
for (int round = 1; round <= 10; round++)
{
    (state, var metrics) = process.Next(state, clients);
    Console.WriteLine($"round {round,2}: {metrics.Tree("client_work/train")}");
}

var evaluation = FederatedEvaluation.Build(model);
var trained = evaluation.SetModelWeights(evaluation.Initialize(), process.GetModelWeights(state));
var testClients = clients.Select(client => digits.Test.GetClient(client.ClientId).Preprocess(InputPipeline.Examples.Batch(20))).ToArray();
Console.WriteLine($"test: {evaluation.Next(trained, testClients).Metrics.Tree("client_work/eval/current_round_metrics")}");
