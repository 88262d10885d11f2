using System.Collections.Immutable;

namespace FedPure.Learning.Optimizers;

/// <summary>A rule of <see cref="FedOpt"/> whose v forgets past squares: <see cref="FedAdam"/> or <see cref="FedYogi"/>.</summary>
public abstract record FedOptOfMeanSquares : FedOpt
{
    private static readonly HyperparameterTable<FedOptOfMeanSquares> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("beta_1", rule => rule.Beta1, (rule, value) => rule with { Beta1 = value }),
        ("beta_2", rule => rule.Beta2, (rule, value) => rule with { Beta2 = value }),
        ("tau", rule => rule.Tau, (rule, value) => rule with { Tau = value }));

    private protected FedOptOfMeanSquares(float learningRate, float beta1, float beta2, float tau, float? initialPreconditionerValue)
        : base(learningRate, beta1, tau, initialPreconditionerValue) => Beta2 = beta2;

    /// <summary>β2, the weight of the past squares: in [0, 1).</summary>
    public float Beta2 { get; init => field = Interval.BelowOne.Check(value, "beta_2"); }

    /// <inheritdoc/>
    public override ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    /// <inheritdoc/>
    public override IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);
}
