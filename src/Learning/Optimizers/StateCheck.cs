namespace FedPure.Learning.Optimizers;

/// <summary>The check of a state that a caller hands to a rule.</summary>
internal static class StateCheck
{
    /// <exception cref="ArgumentException">The state is not that long.</exception>
    public static Span<float> Length(Span<float> state, int length) =>
        state.Length == length
            ? state
            : throw new ArgumentException(
                $"The rule keeps {length} floats of state for these parameters, but {state.Length} were given; StateLength says how many.", nameof(state));
}
