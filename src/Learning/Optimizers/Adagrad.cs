using System.Collections.Immutable;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan, Singer: Adaptive subgradient methods for online learning and stochastic optimization. JMLR 2011): s += g², w -= lr·g/√(s + ε). State:
/// s [n] from the initial value.
/// </summary>
public sealed record Adagrad : IOptimizer
{
    private static readonly HyperparameterTable<Adagrad> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("epsilon", rule => rule.Epsilon, (rule, value) => rule with { Epsilon = value }));

    /// <summary>The rule with these numbers; the defaults are TensorFlow Federated's.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="initialPreconditionerValue">Finite, at least 0.</param>
    /// <param name="epsilon">Finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adagrad(float learningRate, float initialPreconditionerValue = 0.1f, float epsilon = 1e-7f)
    {
        LearningRate = learningRate;
        InitialPreconditionerValue = initialPreconditionerValue;
        Epsilon = epsilon;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate { get; init => field = Interval.NonNegative.Check(value, Hyperparameter.LearningRate); }

    /// <summary>s before the first step: finite, at least 0. No hyper-parameter, since a state has it already.</summary>
    public float InitialPreconditionerValue { get; init => field = Interval.NonNegative.Check(value, "initial_preconditioner_value"); }

    /// <summary>ε, inside the root: finite, at least 0.</summary>
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
    public void InitializeState(ParameterLayout layout, Span<float> state) => state.Fill(InitialPreconditionerValue);

    /// <inheritdoc/>
    public StructureType StateSignature(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new(("preconditioner", layout.Signature));
    }

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state) =>
        OptimizerUpdates.Adagrad(parameters, gradient, state, LearningRate, Epsilon);
}
