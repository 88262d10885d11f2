namespace FedPure.Learning.Optimizers;

/// <summary>
/// Steps done, in an optimizer's float32 state: two digits to the base 2^24, each a whole number that float32 holds exactly, so exact up to 2^48 steps.
/// </summary>
internal static class StepCounter
{
    /// <summary>Floats of state.</summary>
    public const int Length = 2;

    private const int Base = 1 << 24;

    /// <summary>Steps done.</summary>
    public static long Read(ReadOnlySpan<float> state) => (long)state[0] + (long)state[1] * Base;

    /// <summary>Counts one more step and returns its number, from 1.</summary>
    public static long Next(Span<float> state)
    {
        long step = Read(state) + 1;
        (state[0], state[1]) = (step % Base, step / Base);
        return step;
    }
}
