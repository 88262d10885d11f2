using FedPure.Learning.Models;

namespace FedPure.Benchmarks;

/// <summary>The models that the benchmarks share.</summary>
internal static class BenchmarkModels
{
    public static IFusedModel Create(string name) => name switch
    {
        "softmax" => new Sequential(784).Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy(),
        _ => new Sequential(784).Dense(200, ActivationFunction.Relu).Dense(200, ActivationFunction.Relu).Dense(10).SoftmaxCrossEntropy(),
    };
}
