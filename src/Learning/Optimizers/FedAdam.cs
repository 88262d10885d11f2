using System.Collections.Immutable;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>FedAdam of <see cref="FedOpt"/>: v += (1 - β2)·(g² - v).</summary>
public sealed record FedAdam : FedOpt
{
    private static readonly HyperparameterTable<FedAdam> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("beta_1", rule => rule.Beta1, (rule, value) => rule with { Beta1 = value }),
        ("beta_2", rule => rule.Beta2, (rule, value) => rule with { Beta2 = value }),
        ("tau", rule => rule.Tau, (rule, value) => rule with { Tau = value }));

    /// <summary>The rule with these numbers; the defaults are the paper's.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="beta1">In [0, 1).</param>
    /// <param name="beta2">In [0, 1).</param>
    /// <param name="tau">Finite, above 0.</param>
    /// <param name="initialPreconditionerValue">v before the first step, finite, at least 0; null for τ².</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public FedAdam(float learningRate, float beta1 = 0.9f, float beta2 = 0.99f, float tau = 1e-3f, float? initialPreconditionerValue = null)
        : base(learningRate, beta1, tau, initialPreconditionerValue) => Beta2 = beta2;

    /// <summary>β2, the weight of the past squares: in [0, 1).</summary>
    public float Beta2 { get; init => field = Interval.BelowOne.Check(value, "beta_2"); }

    /// <inheritdoc/>
    public override ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    /// <inheritdoc/>
    public override IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);

    private protected override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner) =>
        OptimizerUpdates.Adam(parameters, gradient, accumulator, preconditioner, LearningRate, 1f - Beta1, 1f - Beta2, Tau);
}
