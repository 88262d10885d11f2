using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// A bound that follows a quantile of the clients' norms (Andrew et al., 2021, "Differentially Private Learning with Adaptive Clipping", without noise). With f
/// the fraction of a round's norms that are at most the estimate C, q the target and η the learning rate: C ← C·exp(-η·(f - q)), or C ← C - η·(f - q) if not
/// geometric. The bound is multiplier·C + increment. C keeps to what it can come back from: [2^-126, largest float32], or from 0 up if not geometric; so does
/// the bound.
/// </summary>
public sealed record QuantileBound : NormBound
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>A bound that starts from an estimate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of the range stated at its property.</exception>
    public QuantileBound(float initialEstimate, float targetQuantile, float learningRate)
    {
        InitialEstimate = initialEstimate is > 0 and <= float.MaxValue
            ? initialEstimate
            : throw new ArgumentOutOfRangeException(nameof(initialEstimate), initialEstimate, "The first estimate of a norm is finite and above 0.");
        TargetQuantile = targetQuantile is >= 0 and <= 1
            ? targetQuantile
            : throw new ArgumentOutOfRangeException(nameof(targetQuantile), targetQuantile, "A quantile is from 0 to 1.");
        LearningRate = learningRate is >= 0 and <= float.MaxValue
            ? learningRate
            : throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "A learning rate is finite and at least 0.");
    }

    /// <summary>C before the first round: finite, above 0.</summary>
    public float InitialEstimate { get; }

    /// <summary>The fraction of norms that shall be at most C: from 0 to 1.</summary>
    public float TargetQuantile { get; }

    /// <summary>η: finite, at least 0.</summary>
    public float LearningRate { get; }

    /// <summary>What the estimate is multiplied by in the bound: finite, at least 0.</summary>
    public float Multiplier { get; init => field = NotNegative(value); } = 1f;

    /// <summary>What is added to that: finite, at least 0.</summary>
    public float Increment { get; init => field = NotNegative(value); }

    /// <summary>Whether the estimate moves by a factor and not by a difference.</summary>
    public bool Geometric { get; init; } = true;

    /// <inheritdoc/>
    public override AggregatorState Initialize() => new QuantileState(InitialEstimate, TargetQuantile, LearningRate);

    /// <inheritdoc/>
    public override float Report(AggregatorState state) => Math.Min(Multiplier * Estimate(state) + Increment, float.MaxValue);

    /// <inheritdoc/>
    public override float Estimate(AggregatorState state) => ((QuantileState)state).CurrentEstimate;

    /// <inheritdoc/>
    public override AggregatorState Next(AggregatorState state, int below, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var quantile = (QuantileState)state;

        // In float32 and in upstream's order of operations: the mean of ±1/2, and 1/2 added.
        float fraction = Math.Clamp((below - count * 0.5f) / count + 0.5f, 0f, 1f);
        float step = quantile.LearningRate * (fraction - quantile.TargetQuantile), next;
        if (Geometric)
        {
            Span<float> factor = [-step];
            Elementary.Exp(factor, factor);
            next = Math.Clamp(quantile.CurrentEstimate * factor[0], SmallestNormal, float.MaxValue);
        }
        else
        {
            next = Math.Clamp(quantile.CurrentEstimate - step, 0f, float.MaxValue);
        }

        return quantile with { CurrentEstimate = next };
    }

    private static float NotNegative(float value) =>
        value is >= 0 and <= float.MaxValue
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The bound's multiplier and increment are finite and at least 0.");
}

/// <summary>What a <see cref="QuantileBound"/> keeps from round to round; its numbers can be replaced between rounds.</summary>
/// <param name="CurrentEstimate">The quantile's estimate.</param>
/// <param name="TargetQuantile">The fraction of norms that shall be at most the estimate.</param>
/// <param name="LearningRate">How fast the estimate moves.</param>
public sealed record QuantileState(float CurrentEstimate, float TargetQuantile, float LearningRate) : AggregatorState
{
    private static readonly TypeSignature Type = new StructureType(
        (null, new StructureType(
            ("current_estimate", TensorType.Float32),
            ("target_quantile", TensorType.Float32),
            ("learning_rate", TensorType.Float32),
            ("below_estimate_state", StructureType.Empty))),
        (null, StructureType.Empty));

    /// <inheritdoc/>
    public override TypeSignature Signature => Type;
}
