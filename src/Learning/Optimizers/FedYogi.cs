using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>FedYogi of <see cref="FedOpt"/>: v -= (1 - β2)·g²·sign(v - g²).</summary>
public sealed record FedYogi : FedOptOfMeanSquares
{
    /// <summary>The rule with these numbers; the defaults are the paper's.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="beta1">In [0, 1).</param>
    /// <param name="beta2">In [0, 1).</param>
    /// <param name="tau">Finite, above 0.</param>
    /// <param name="initialPreconditionerValue">v before the first step, finite, at least 0; null for τ².</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public FedYogi(float learningRate, float beta1 = 0.9f, float beta2 = 0.99f, float tau = 1e-3f, float? initialPreconditionerValue = null)
        : base(learningRate, beta1, beta2, tau, initialPreconditionerValue)
    {
    }

    private protected override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> accumulator, Span<float> preconditioner) =>
        OptimizerUpdates.Yogi(parameters, gradient, accumulator, preconditioner, LearningRate, 1f - Beta1, 1f - Beta2, Tau);
}
