using FedPure.Benchmarks.Measuring;
using FedPure.Learning.Models;

namespace FedPure.Benchmarks;

/// <summary>A model of 784 pixels in 10 classes with hidden layers of those widths, and the arithmetic of a step on a batch of that many rows.</summary>
public sealed record TrainedModel(int[] Hidden, int Rows) : IWork
{
    /// <summary>
    /// Two flop a weight and row for each product: forward, the weights' gradient and, but for the first layer, the gradient of the layer's input. 627,200 flop
    /// a step of 784-10 and 17.58 million of 784-200-200-10 at 20 rows; biases, ReLU and softmax count nothing.
    /// </summary>
    public double Flop
    {
        get
        {
            int[] widths = [784, .. Hidden, 10];
            double flop = 0;
            for (int layer = 1; layer < widths.Length; layer++) flop += (layer == 1 ? 4.0 : 6.0) * widths[layer - 1] * widths[layer];
            return flop * Rows;
        }
    }

    public IFusedModel Create() => Hidden.Aggregate(new Sequential(784), (network, width) => network.Dense(width, ActivationFunction.Relu)) switch
    {
        var network when Hidden.Length == 0 => network.Dense(10, initializer: Initializer.Zeros).SoftmaxCrossEntropy(),
        var network => network.Dense(10).SoftmaxCrossEntropy(),
    };

    public override string ToString() => string.Join('-', [784, .. Hidden, 10]);
}
