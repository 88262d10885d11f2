using FedPure.Learning.Models;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// An update rule: an immutable record of numbers. What it remembers between steps is a buffer that the caller owns, of the length that the rule declares. The same
/// rules serve clients and server.
/// </summary>
public interface IOptimizer
{
    /// <summary>Floats of state for a model's parameters; the state starts as zeros.</summary>
    int StateLength(ParameterLayout layout);

    /// <summary>One step down the gradient: parameters, gradient [layout.Length], state [StateLength(layout)]; allocates nothing.</summary>
    void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state);
}
