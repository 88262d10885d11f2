using System.Collections.Immutable;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models.Heads;
using FedPure.Learning.Models.Layers;

namespace FedPure.Learning.Models;

/// <summary>
/// Layers one after the other, as a value that grows, ended by a loss:
/// <c>new Sequential(784).Dense(200, ActivationFunction.Relu).Dropout(0.5f).Dense(10).SoftmaxCrossEntropy()</c>. A model reports the metrics given, or those of
/// its loss's summary, and then loss, num_examples and num_batches, as a Keras model does in TensorFlow Federated.
/// </summary>
public sealed class Sequential
{
    private readonly int _featureCount;
    private readonly long _seed;
    private readonly ImmutableArray<Layer> _layers;

    /// <summary>Starts with examples of that many features.</summary>
    /// <param name="featureCount">At least 1.</param>
    /// <param name="seed">Of the initial weights.</param>
    public Sequential(int featureCount, long seed = 0)
        : this(featureCount, seed, [])
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
    }

    private Sequential(int featureCount, long seed, ImmutableArray<Layer> layers)
    {
        _featureCount = featureCount;
        _seed = seed;
        _layers = layers;
    }

    private int Width => _layers.IsEmpty ? _featureCount : _layers[^1].Outputs;

    private int End => _layers.IsEmpty ? 0 : _layers[^1].End;

    /// <summary>Adds y = activation(x·kernel + bias): x [rows×inputs], kernel [inputs×units], bias [units], y [rows×units].</summary>
    /// <param name="units">Outputs; at least 1.</param>
    /// <param name="activation">What follows, element-wise.</param>
    /// <param name="initializer">Of the kernel; null for <see cref="Initializer.GlorotUniform"/>.</param>
    /// <param name="l2">Factor of a penalty l2·Σ kernel² (Keras' L2): it counts in the gradient and not in the loss metric. Finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Sequential Dense(int units, ActivationFunction activation = ActivationFunction.Linear, Initializer? initializer = null, float l2 = 0f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        if (!float.IsFinite(l2) || l2 < 0) throw new ArgumentOutOfRangeException(nameof(l2), l2, "An L2 factor is finite and at least 0.");
        return With(new DenseLayer(Width, units, End, activation, initializer ?? Initializer.GlorotUniform, l2));
    }

    /// <summary>
    /// Adds dropout: in training a value is set to 0 with probability <paramref name="rate"/> and otherwise divided by 1 - rate; evaluation changes nothing.
    /// The masks are a function of <see cref="Data.Batch.Key"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">rate lies outside [0, 1).</exception>
    public Sequential Dropout(float rate)
    {
        if (rate is not (>= 0f and < 1f)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate lies in [0, 1).");
        return With(new DropoutLayer(Width, End, rate));
    }

    /// <summary>
    /// Ends the model with a softmax cross-entropy on logits over class labels. Metrics see the logits; by default sparse_categorical_accuracy.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no layer, or the last one is not linear.</exception>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public IFusedModel SoftmaxCrossEntropy(IReadOnlyList<PredictionMetric>? metrics = null) =>
        Build("Softmax cross-entropy", new SoftmaxHead(), metrics, linear: true);

    /// <summary>
    /// As <see cref="SoftmaxCrossEntropy"/> with the loss computed on the probabilities as Keras does after a softmax layer: clipped to [1e-7, 1 - 1e-7] and
    /// normalized again, so that a loss is at most 16.118 and a clipped entry passes no gradient back. For parity with such models; logits are right
    /// everywhere. Metrics see the probabilities.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no layer, or the last one is not linear.</exception>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public IFusedModel SoftmaxCrossEntropyOnProbabilities(IReadOnlyList<PredictionMetric>? metrics = null) =>
        Build("Softmax cross-entropy", new ClippedSoftmaxHead(), metrics, linear: true);

    /// <summary>
    /// Ends the model with a sigmoid cross-entropy on logits over float targets in [0, 1], one for each output, or with one output over the labels 0 and 1.
    /// Metrics see the probabilities of 1; by default binary_accuracy.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no layer, or the last one is not linear.</exception>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public IFusedModel SigmoidCrossEntropy(IReadOnlyList<PredictionMetric>? metrics = null) =>
        Build("Sigmoid cross-entropy", new SigmoidHead(), metrics, linear: true);

    /// <summary>
    /// Ends the model with the mean squared error over float targets, one for each output. Metrics see the outputs; by default there are none beside the loss.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no layer, or the last one is not dense.</exception>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public IFusedModel MeanSquaredError(IReadOnlyList<PredictionMetric>? metrics = null) =>
        Build("Mean squared error", new SquaredErrorHead(), metrics, linear: false);

    private Sequential With(Layer layer) => new(_featureCount, _seed, _layers.Add(layer));

    private Network Build(string loss, Head head, IReadOnlyList<PredictionMetric>? metrics, bool linear)
    {
        if (_layers is not [.., DenseLayer last])
            throw new InvalidOperationException($"{loss} needs a dense layer before it, with one output for each class or target.");
        if (linear && last.Activation != ActivationFunction.Linear)
            throw new InvalidOperationException($"{loss} works on logits: the last dense layer must be linear.");
        return new Network(_featureCount, _seed, _layers, head, metrics);
    }
}
