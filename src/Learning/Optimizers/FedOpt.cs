using System.Collections.Immutable;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// The adaptive server optimizers as published (Reddi, Charles, Zaheer, Garrett, Rush, Konečný, Kumar, McMahan: Adaptive federated optimization. ICLR 2021,
/// Algorithm 2), for the gradient g = -Δ that the server takes: m += (1 - β1)·(g - m), v by the rule, w -= lr·m/(√v + τ). m starts at 0 and v at τ². Unlike
/// <see cref="Adagrad"/>, <see cref="Adam"/> and <see cref="Yogi"/>, which are TensorFlow Federated's, the rate has no bias correction, v does not start at 0,
/// 0.1 or 1e-6, and the adaptivity τ stands outside the root. State: m [n] and v [n]. The paper's FedAvgM is <see cref="Sgd"/> with momentum.
/// </summary>
public abstract record FedOpt : IOptimizer
{
    private static readonly HyperparameterTable<FedOpt> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("beta_1", rule => rule.Beta1, (rule, value) => rule with { Beta1 = value }),
        ("tau", rule => rule.Tau, (rule, value) => rule with { Tau = value }));

    private protected FedOpt(float learningRate, float beta1, float tau, float? initialPreconditionerValue)
    {
        LearningRate = learningRate;
        Beta1 = beta1;
        Tau = tau;
        InitialPreconditionerValue = initialPreconditionerValue ?? tau * tau;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate { get; init => field = Interval.NonNegative.Check(value, Hyperparameter.LearningRate); }

    /// <summary>β1, the weight of the past gradients: in [0, 1).</summary>
    public float Beta1 { get; init => field = Interval.BelowOne.Check(value, "beta_1"); }

    /// <summary>τ, the adaptivity: finite, above 0; the smaller, the more parameters of small gradients move.</summary>
    public float Tau { get; init => field = Interval.Positive.Check(value, "tau"); }

    /// <summary>v before the first step: finite, at least 0. No hyper-parameter, since a state has it already.</summary>
    public float InitialPreconditionerValue { get; init => field = Interval.NonNegative.Check(value, "initial_preconditioner_value"); }

    /// <inheritdoc/>
    public virtual ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    /// <inheritdoc/>
    public virtual IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);

    /// <inheritdoc/>
    public int StateLength(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return checked(2 * layout.Length);
    }

    /// <inheritdoc/>
    public void InitializeState(ParameterLayout layout, Span<float> state)
    {
        ArgumentNullException.ThrowIfNull(layout);
        state[..layout.Length].Clear();
        state[layout.Length..].Fill(InitialPreconditionerValue);
    }

    /// <inheritdoc/>
    public StructureType StateSignature(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new(("accumulator", layout.Signature), ("preconditioner", layout.Signature));
    }

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        StateCheck.Length(state, StateLength(layout));
        Step(parameters, gradient, state[..layout.Length], state[layout.Length..]);
    }

    private protected abstract void Step(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner);
}
