using System.Collections.Immutable;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// RMSProp (Tieleman, Hinton: Lecture 6.5 of Neural networks for machine learning. 2012): p += (1 - d)·(g² - p), w -= lr·g/(√p + ε). State: p [n] from zeros.
/// </summary>
public sealed record RmsProp : IOptimizer
{
    private static readonly HyperparameterTable<RmsProp> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("decay", rule => rule.Decay, (rule, value) => rule with { Decay = value }),
        ("epsilon", rule => rule.Epsilon, (rule, value) => rule with { Epsilon = value }));

    /// <summary>The rule with these numbers; the defaults are TensorFlow Federated's.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="decay">In [0, 1).</param>
    /// <param name="epsilon">Finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RmsProp(float learningRate, float decay = 0.9f, float epsilon = 1e-7f)
    {
        LearningRate = learningRate;
        Decay = decay;
        Epsilon = epsilon;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate { get; init => field = Interval.NonNegative.Check(value, Hyperparameter.LearningRate); }

    /// <summary>d, the weight of the past squares: in [0, 1).</summary>
    public float Decay { get; init => field = Interval.BelowOne.Check(value, "decay"); }

    /// <summary>ε, beside the root: finite, at least 0.</summary>
    public float Epsilon { get; init => field = Interval.NonNegative.Check(value, "epsilon"); }

    /// <inheritdoc/>
    public ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    /// <inheritdoc/>
    public IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);

    /// <inheritdoc/>
    public int StateLength(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return layout.Length;
    }

    /// <inheritdoc/>
    public void InitializeState(ParameterLayout layout, Span<float> state) => state.Clear();

    /// <inheritdoc/>
    public StructureType StateSignature(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new(("preconditioner", layout.Signature));
    }

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state) =>
        OptimizerUpdates.RmsProp(parameters, gradient, state, LearningRate, 1f - Decay, Epsilon);
}
