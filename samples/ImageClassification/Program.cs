using CustomModel;
using FedPure.Data;
using FedPure.Data.Sampling;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.TensorBoard;

var digits = DigitsDataset.Load();
Console.WriteLine($"{digits.Train.ClientIds.Length} clients, {digits.ClassCount} classes, examples {digits.Train.Element}");

var firstClient = digits.Train.GetClient(digits.Train.ClientIds[0]);
Console.WriteLine($"client {firstClient.ClientId} has {firstClient.Count} examples, of which the first is a {firstClient.Label(0)}");

var survey = DataSurvey.Of(digits.Train, digits.ClassCount);
ExplorationPictures.Write(survey, "pictures");
foreach (var client in survey.Clients.Take(3)) Console.WriteLine($"{client.ClientId}: {string.Join(' ', client.LabelCounts)}");

var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);

var reader = new BatchReader();
reader.Begin(firstClient.Preprocess(pipeline));
reader.Read(out var batch);
Console.WriteLine($"x: float32[{batch.Rows},{batch.Features.Length / batch.Rows}]  y: {string.Join(' ', batch.Labels.ToArray())}");

ClientDataset[] MakeFederatedData(IFederatedDataset data, IEnumerable<string> clientIds) =>
    [.. clientIds.Select(id => data.GetClient(id).Preprocess(pipeline))];

var sampleIds = digits.Train.ClientIds.Take(10).ToArray();
var trainClients = MakeFederatedData(digits.Train, sampleIds);
Console.WriteLine($"{trainClients.Length} clients with {trainClients.Sum(client => client.Count)} examples");

var model = new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy();

var process = FederatedAveraging.BuildWeighted(model, clientOptimizer: new Sgd(0.02f), serverOptimizer: new Sgd(1f));
Console.WriteLine(process.Signature.Initialize);

var state = process.Initialize();
(state, var metrics) = process.Next(state, trainClients);
Console.WriteLine($"round  1: {metrics.Tree("client_work/train")}");

for (int round = 2; round <= 10; round++)
{
    (state, metrics) = process.Next(state, trainClients);
    Console.WriteLine($"round {round,2}: {metrics.Tree("client_work/train")}");
}

using (var log = new TrainingLog("logs"))
{
    log.MeanImages(survey);
    var logged = process.Initialize();
    for (int round = 1; round <= 10; round++)
    {
        var before = logged;
        (logged, metrics) = process.Next(before, trainClients);
        log.Round(round, metrics);
        log.Weights(round, process.GetModelWeights(before), process.GetModelWeights(logged));
        log.Flush();
    }
}

var ownProcess = FederatedAveraging.BuildWeighted(new MnistModel(), clientOptimizer: new Sgd(0.02f), serverOptimizer: new Sgd(1f));
var ownState = ownProcess.Initialize();
for (int round = 1; round <= 10; round++)
{
    (ownState, metrics) = ownProcess.Next(ownState, trainClients);
    Console.WriteLine($"round {round,2}: {metrics.Tree("client_work/train")}");
}

var byClient = new MetricsWithDetail(new SumThenFinalize(), "over_clients", new ClientQuantiles(0, 0.5, 1));
var goodClients = new MetricsWithDetail(byClient, "good_clients", new ClientsAbove("accuracy", 0.8));
var reporting = FederatedAveraging.BuildWeighted(new MnistModel(), new Sgd(0.02f), metricsAggregator: goodClients);
(_, metrics) = reporting.Next(reporting.SetModelWeights(reporting.Initialize(), ownProcess.GetModelWeights(ownState)), trainClients);
foreach (var (name, value) in metrics.Tree("client_work/train")) Console.WriteLine($"{name}: {value}");

var evaluation = FederatedEvaluation.Build(new MnistModel());
Console.WriteLine(evaluation.Signature.Next);

var evaluated = evaluation.SetModelWeights(evaluation.Initialize(), ownProcess.GetModelWeights(ownState));
var testClients = MakeFederatedData(digits.Test, sampleIds);
Console.WriteLine($"train: {evaluation.Next(evaluated, trainClients).Metrics.Tree("client_work/eval/current_round_metrics")}");
Console.WriteLine($"test:  {evaluation.Next(evaluated, testClients).Metrics.Tree("client_work/eval/current_round_metrics")}");

var sampler = new UniformSampler(digits.Train.ClientIds, 10, seed: 3);
var loop = new TrainingLoop(process, round => MakeFederatedData(digits.Train, sampler.Sample(round))) { TotalRounds = 30 };
var rounds = loop.Rounds(process.Initialize()).ToList();
foreach (var round in rounds.Where(round => round.Round % 10 == 0))
    Console.WriteLine($"round {round.Round}, {round.ClientIds[0]}, {round.ClientIds[1]}, ...: {round.Result.Metrics.Tree("client_work/train")}");
Console.WriteLine($"{rounds.SelectMany(round => round.ClientIds).Distinct().Count()} clients took part");

var sameClients = new TrainingLoop(process, _ => trainClients) { TotalRounds = 30 };
var everyone = MakeFederatedData(digits.Test, digits.Test.ClientIds);
var evaluationOfAll = FederatedEvaluation.Build(model);
foreach (var (cohort, last) in new[] { ("the first ten", sameClients.Run(process.Initialize())!), ("ten sampled", rounds[^1]) })
{
    var fresh = evaluationOfAll.SetModelWeights(evaluationOfAll.Initialize(), process.GetModelWeights(last.State));
    var (_, measured) = evaluationOfAll.Next(fresh, everyone);
    double inTraining = last.Result.Metrics["client_work/train/sparse_categorical_accuracy"];
    double onTestData = measured["client_work/eval/current_round_metrics/sparse_categorical_accuracy"];
    Console.WriteLine($"{cohort}: {inTraining:F3} in training, {onTestData:F3} on everyone's test data");
}
