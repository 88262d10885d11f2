using System.Collections.Immutable;

namespace FedPure.Learning.Models;

/// <summary>What follows a dense layer's product and bias, element-wise.</summary>
public enum ActivationFunction
{
    /// <summary>Nothing.</summary>
    Linear,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>
/// Layers one after the other, as a value that grows: <c>new Sequential(784).Dense(200, ActivationFunction.Relu).Dense(10).SoftmaxCrossEntropy()</c>.
/// </summary>
public sealed class Sequential
{
    private readonly int _featureCount;
    private readonly long _seed;
    private readonly ImmutableArray<DenseLayer> _layers;

    /// <summary>Starts with examples of that many features.</summary>
    /// <param name="featureCount">At least 1.</param>
    /// <param name="seed">Of the initial weights.</param>
    public Sequential(int featureCount, long seed = 0)
        : this(featureCount, seed, [])
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
    }

    private Sequential(int featureCount, long seed, ImmutableArray<DenseLayer> layers)
    {
        _featureCount = featureCount;
        _seed = seed;
        _layers = layers;
    }

    /// <summary>Adds y = activation(x·kernel + bias): x [rows×inputs], kernel [inputs×units], bias [units], y [rows×units].</summary>
    /// <exception cref="ArgumentOutOfRangeException">units is not positive.</exception>
    public Sequential Dense(int units, ActivationFunction activation = ActivationFunction.Linear, Initializer initializer = Initializer.GlorotUniform)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        int inputs = _layers.IsEmpty ? _featureCount : _layers[^1].Outputs;
        int offset = _layers.IsEmpty ? 0 : _layers[^1].End;
        return new Sequential(_featureCount, _seed, _layers.Add(new DenseLayer(inputs, units, offset, activation, initializer)));
    }

    /// <summary>
    /// Ends the model with a softmax cross-entropy on logits over integer labels, and the metrics that a Keras model of the tutorial reports:
    /// sparse_categorical_accuracy, loss, num_examples, num_batches.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no layer, or the last one has an activation.</exception>
    public IFusedModel SoftmaxCrossEntropy()
    {
        if (_layers.IsEmpty) throw new InvalidOperationException("Softmax cross-entropy needs a dense layer before it, with one output for each class.");
        if (_layers[^1].Activation != ActivationFunction.Linear)
            throw new InvalidOperationException("Softmax cross-entropy works on logits: the last dense layer must be linear.");
        return new SoftmaxClassifier(_featureCount, _seed, _layers);
    }
}
