using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>How a client steps along its batches.</summary>
/// <param name="optimizer">The rule.</param>
internal readonly ref struct LocalRule(IOptimizer optimizer)
{
    /// <summary>The rule.</summary>
    public IOptimizer Optimizer { get; } = optimizer;

    /// <summary>mu of a term mu/2·|w - server|² that is added to the loss, though not to its metric; 0 for none.</summary>
    public float ProximalStrength { get; init; }

    /// <summary>Whether every step starts from <see cref="OptimizerState"/> and forgets what it makes of it; otherwise the client starts a state of its own.</summary>
    public bool IsStateFrozen { get; init; }

    /// <summary>The optimizer state of every step if it is frozen.</summary>
    public ReadOnlySpan<float> OptimizerState { get; init; }
}
