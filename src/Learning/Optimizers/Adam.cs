using System.Collections.Immutable;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// Adam (Kingma, Ba: Adam: a method for stochastic optimization. ICLR 2015) in the form of its section 2 that corrects the bias in the rate: at step t = 1, 2,
/// ... a += (1 - β1)·(g - a), p += (1 - β2)·(g² - p), w -= lr·√(1 - β2^t)/(1 - β1^t)·a/(√p + ε). State: a [n] and p [n] from zeros, and the step. With ε = 0 a
/// parameter whose p is 0 stays.
/// </summary>
public sealed record Adam : IOptimizer
{
    private static readonly HyperparameterTable<Adam> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("beta_1", rule => rule.Beta1, (rule, value) => rule with { Beta1 = value }),
        ("beta_2", rule => rule.Beta2, (rule, value) => rule with { Beta2 = value }),
        ("epsilon", rule => rule.Epsilon, (rule, value) => rule with { Epsilon = value }));

    /// <summary>The rule with these numbers; the defaults are TensorFlow Federated's.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="beta1">In [0, 1).</param>
    /// <param name="beta2">In [0, 1).</param>
    /// <param name="epsilon">Finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adam(float learningRate, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-7f)
    {
        LearningRate = learningRate;
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate { get; init => field = Interval.NonNegative.Check(value, Hyperparameter.LearningRate); }

    /// <summary>β1, the weight of the past gradients: in [0, 1).</summary>
    public float Beta1 { get; init => field = Interval.BelowOne.Check(value, "beta_1"); }

    /// <summary>β2, the weight of the past squares: in [0, 1).</summary>
    public float Beta2 { get; init => field = Interval.BelowOne.Check(value, "beta_2"); }

    /// <summary>ε, beside the root: finite, at least 0.</summary>
    public float Epsilon { get; init => field = Interval.NonNegative.Check(value, "epsilon"); }

    /// <inheritdoc/>
    public ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    /// <inheritdoc/>
    public IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);

    /// <inheritdoc/>
    public int StateLength(ParameterLayout layout) => AdamMoments.Length(layout);

    /// <inheritdoc/>
    public void InitializeState(ParameterLayout layout, Span<float> state) => state.Clear();

    /// <inheritdoc/>
    public StructureType StateSignature(ParameterLayout layout) => AdamMoments.Signature(layout);

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        var moments = AdamMoments.Of(layout, state);
        float correction = AdamMoments.Correction(Beta1, Beta2, StepCounter.Next(moments.Step));
        OptimizerUpdates.Adam(parameters, gradient, moments.Accumulator, moments.Preconditioner, LearningRate * correction, 1f - Beta1, 1f - Beta2, Epsilon);
    }
}
