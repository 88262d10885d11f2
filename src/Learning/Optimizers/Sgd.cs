using System.Collections.Immutable;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// Stochastic gradient descent, w -= lr·g; with momentum m a = m·a + g and w -= lr·a (Polyak, 1964), or w -= lr·(g + m·a) in Nesterov's form (Sutskever et al.,
/// 2013). TensorFlow Federated's sgdm. State: the accumulator a, from zeros; none without momentum.
/// </summary>
public sealed record Sgd : IOptimizer
{
    private static readonly HyperparameterTable<Sgd> Plain = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }));

    private static readonly HyperparameterTable<Sgd> Accelerated = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("momentum", rule => rule.Momentum, (rule, value) => rule with { Momentum = WithAccumulator(value) }));

    /// <summary>The rule with these numbers.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="momentum">In [0, 1); 0 keeps no state.</param>
    /// <param name="nesterov">Nesterov's form; needs a momentum.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">Nesterov without momentum.</exception>
    public Sgd(float learningRate = 0.01f, float momentum = 0f, bool nesterov = false)
    {
        if (nesterov && momentum == 0f) throw new ArgumentException("Nesterov's form needs a momentum above 0.", nameof(nesterov));
        LearningRate = learningRate;
        Momentum = momentum;
        Nesterov = nesterov;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate { get; init => field = Interval.NonNegative.Check(value, Hyperparameter.LearningRate); }

    /// <summary>m: in [0, 1).</summary>
    public float Momentum { get; init => field = Interval.BelowOne.Check(value, "momentum"); }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <summary>Whether a step is w -= lr·g and nothing else, which models can fuse with the gradient.</summary>
    public bool IsPlain => Momentum == 0f;

    /// <summary>learning_rate; and momentum, if the rule has one.</summary>
    public ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    private HyperparameterTable<Sgd> Table => IsPlain ? Plain : Accelerated;

    /// <inheritdoc/>
    public IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);

    /// <inheritdoc/>
    public int StateLength(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return IsPlain ? 0 : layout.Length;
    }

    /// <inheritdoc/>
    public void InitializeState(ParameterLayout layout, Span<float> state) => state.Clear();

    /// <inheritdoc/>
    public StructureType StateSignature(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return IsPlain ? StructureType.Empty : new(("accumulator", layout.Signature));
    }

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        if (IsPlain) Vectors.AddScaled(gradient, -LearningRate, parameters);
        else if (Nesterov) OptimizerUpdates.Nesterov(parameters, gradient, state, LearningRate, Momentum);
        else OptimizerUpdates.Momentum(parameters, gradient, state, LearningRate, Momentum);
    }

    // A rule made with momentum keeps its accumulator: at 0 it would become another rule, without state.
    private static float WithAccumulator(float momentum) =>
        momentum != 0f
            ? momentum
            : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "momentum must stay above 0 in a rule that has one; make a plain Sgd instead.");
}
