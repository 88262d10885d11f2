using CustomModel;
using FedPure.Data;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

// The tutorial, with its model written by hand.
var digits = DigitsDataset.Load();
var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);
var writers = digits.Train.ClientIds.Take(10).Select(id => digits.Train.GetClient(id).Preprocess(pipeline)).ToArray();
Train(new MnistModel(), new Sgd(0.02f), writers, rounds: 3);

// Three clients who see other parts of the line y = 2·x - 1·z + 3, of which 1 is known before: c, which no client changes.
var sensors = Enumerable.Range(0, 3).Select(client =>
{
    float[] features = [.. Enumerable.Range(0, 16).SelectMany(i => new[] { i / 8f - 1 + client / 3f, (i * 7 % 16) / 8f - 1 })];
    float[] targets = [.. Enumerable.Range(0, 16).Select(i => 2 * features[2 * i] - features[2 * i + 1] + 3)];
    var table = new ExampleTable(features, targets, targetCount: 1, shape: [2]);
    return new ClientDataset($"sensor {client}", table, new RowSet(0, 16)).Preprocess(InputPipeline.Examples.Batch(4));
}).ToArray();
var line = Train(new LinearRegression(features: 2, c: 1f), new Sgd(0.3f), sensors, rounds: 24);
foreach (var slice in line.Layout.Slices)
    Console.WriteLine($"{slice.Name} = [{string.Join(", ", slice.Of(line.Parameters.AsSpan()).ToArray().Select(value => $"{value:F3}"))}]");

static ModelWeights Train(IModel model, IOptimizer optimizer, ClientDataset[] clients, int rounds)
{
    var process = FederatedAveraging.BuildWeighted(model, optimizer);
    var state = process.Initialize();
    for (int round = 1; round <= rounds; round++)
    {
        (state, var metrics) = process.Next(state, clients);
        Console.WriteLine($"{model.GetType().Name}, round {round}: {metrics.Tree("client_work/train")}");
    }

    return process.GetModelWeights(state);
}
