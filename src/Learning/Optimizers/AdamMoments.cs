using FedPure.Data.Random;
using FedPure.Learning.Models;
using FedPure.Learning.Types;

namespace FedPure.Learning.Optimizers;

/// <summary>The state that Adam, AdamW and Yogi share: accumulator [n], preconditioner [n] and the step count, one after the other.</summary>
internal readonly ref struct AdamMoments(int parameters, Span<float> state)
{
    public Span<float> Accumulator { get; } = state[..parameters];

    public Span<float> Preconditioner { get; } = state.Slice(parameters, parameters);

    public Span<float> Step { get; } = state[(2 * parameters)..];

    public static int Length(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return checked(2 * layout.Length + StepCounter.Length);
    }

    /// <summary>The type of the state.</summary>
    public static StructureType Signature(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new StructureType(("step", TensorType.Int32), ("accumulator", layout.Signature), ("preconditioner", layout.Signature));
    }

    /// <summary>The state's parts.</summary>
    /// <exception cref="ArgumentException">Its length is wrong.</exception>
    public static AdamMoments Of(ParameterLayout layout, Span<float> state) => new(layout.Length, StateCheck.Length(state, Length(layout)));

    /// <summary>
    /// √(1 - β2^t)/(1 - β1^t) in float32, each power rounded to float32 before the subtraction, as in TensorFlow Federated. The powers are exact to 1e-14
    /// before.
    /// </summary>
    public static float Correction(float beta1, float beta2, long step) =>
        MathF.Sqrt(1f - (float)PortableMath.IntegerPower(beta2, step)) / (1f - (float)PortableMath.IntegerPower(beta1, step));
}
