using System.Collections.Immutable;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// An update rule: an immutable record of numbers. What it remembers between steps is a buffer that the caller owns, of the length that the rule declares. The
/// same rules serve clients and server.
/// </summary>
public interface IOptimizer
{
    /// <summary>
    /// The numbers that can be changed between steps, with the names and in the order of TensorFlow Federated's state; learning_rate comes first.
    /// </summary>
    ImmutableArray<Hyperparameter> Hyperparameters { get; }

    /// <summary>The rule with some numbers replaced; a state of the old rule continues under the new one.</summary>
    /// <exception cref="ArgumentException">The rule has no number of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values);

    /// <summary>The factor of every step.</summary>
    float LearningRate { get; }

    /// <summary>The rule with another learning rate, as a schedule needs it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    IOptimizer WithLearningRate(float learningRate) => WithHyperparameters(new Hyperparameter(Hyperparameter.LearningRate, learningRate));

    /// <summary>Floats of state for a model's parameters.</summary>
    int StateLength(ParameterLayout layout);

    /// <summary>Writes the state [StateLength(layout)] before the first step, whatever it held before.</summary>
    void InitializeState(ParameterLayout layout, Span<float> state);

    /// <summary>
    /// The type of the state's parts, with TensorFlow Federated's names: fields that follow the hyper-parameters', of which it may repeat one to give it its
    /// place.
    /// </summary>
    StructureType StateSignature(ParameterLayout layout);

    /// <summary>One step down the gradient: parameters, gradient [layout.Length], state [StateLength(layout)]; allocates nothing.</summary>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state);
}
