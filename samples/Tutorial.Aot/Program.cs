// The tutorial in a program that NativeAOT can compile: the libraries and the embedded digits, nothing else. Its last line is the hash of the weights, which
// equals that of a JIT run in the same arithmetic class.
using FedPure.Data;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Tensors;

var digits = DigitsDataset.Load();
var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);
var clients = digits.Train.ClientIds.Take(10).Select(id => digits.Train.GetClient(id).Preprocess(pipeline)).ToArray();
var model = new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy();
var process = FederatedAveraging.BuildWeighted(model, new Sgd(0.02f), threads: Environment.ProcessorCount);
var state = process.Initialize();
for (int round = 1; round <= 10; round++)
{
    (state, var metrics) = process.Next(state, clients);
    Console.WriteLine($"round {round,2}: {metrics.Tree("client_work/train")}");
}

Console.WriteLine($"{Arithmetic.Class} arithmetic, {Arithmetic.VectorBits}-bit vectors");
Console.WriteLine(state.GlobalModelWeights.Sha256());
