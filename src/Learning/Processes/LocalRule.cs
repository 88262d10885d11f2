using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>How a client steps along its batches.</summary>
/// <param name="optimizer">The rule.</param>
internal readonly ref struct LocalRule(IOptimizer optimizer)
{
    /// <summary>The rule.</summary>
    public IOptimizer Optimizer { get; } = optimizer;

    /// <summary>mu of a term mu/2·|w - center|² that is added to the loss, though not to its metric; 0 for none.</summary>
    public float ProximalStrength { get; init; }

    /// <summary>[Layout.TrainableLength]: the center of that term; empty for the weights that the client starts from.</summary>
    public ReadOnlySpan<float> ProximalCenter { get; init; }

    /// <summary>[Layout.TrainableLength]: a vector that is added to the gradient of every step; empty for none.</summary>
    public ReadOnlySpan<float> Correction { get; init; }

    /// <summary>Whether a step is plain gradient descent on the model's own loss, which models can fuse with the gradient.</summary>
    public bool IsPlain => Optimizer is Sgd { IsPlain: true } && ProximalStrength == 0 && Correction.IsEmpty;

    /// <summary>
    /// Whether every step starts from <see cref="OptimizerState"/> and forgets what it makes of it; otherwise the client starts a state of its own.
    /// </summary>
    public bool IsStateFrozen { get; init; }

    /// <summary>The optimizer state of every step if it is frozen.</summary>
    public ReadOnlySpan<float> OptimizerState { get; init; }
}
