using System.Collections.Immutable;
using FedPure.Data.Random;
using FedPure.Learning.Models;
using FedPure.Learning.Types;
using FedPure.Tensors;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// Adafactor (Shazeer, Stern: Adafactor: adaptive learning rates with sublinear memory cost. ICML 2018, Algorithm 4 without first moment). At step t = 1, 2,
/// ... η = min(lr, 1/√t) if the step is relative, else lr; ρ = min(η, √t), as TensorFlow Federated writes it; β = 1 - t^decay. For each slice of the parameters
/// α = max(ε2, rms(w))·ρ; of q = g² + ε1 a vector keeps v ← β·v + (1 - β)·q, a matrix only the means r over the last and c over the last but one dimension of
/// its running mean, v = r/mean(r) ⊗ c; u = g/√v; w -= α·u/max(1, rms(u)/clip). State: slice by slice r and c, or v, from zeros, and the step.
/// </summary>
public sealed record Adafactor : IOptimizer
{
    // Float32 sums of squares stay this short and are added up in double.
    private const int SummedLength = 2048;

    private static readonly HyperparameterTable<Adafactor> Table = new(
        (Hyperparameter.LearningRate, rule => rule.LearningRate, (rule, value) => rule with { LearningRate = value }),
        ("beta_2_decay", rule => rule.Beta2Decay, (rule, value) => rule with { Beta2Decay = value }),
        ("epsilon_1", rule => rule.Epsilon1, (rule, value) => rule with { Epsilon1 = value }),
        ("epsilon_2", rule => rule.Epsilon2, (rule, value) => rule with { Epsilon2 = value }),
        ("clip_threshold", rule => rule.ClipThreshold, (rule, value) => rule with { ClipThreshold = value }),
        (
            "relative_step", rule => rule.RelativeStep ? 1f : 0f,
            (rule, value) => rule with { RelativeStep = Interval.Flag.Check(value, "relative_step") == 1f }));

    /// <summary>The rule with these numbers; the defaults are TensorFlow Federated's.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <param name="beta2Decay">In [-1, 0).</param>
    /// <param name="epsilon1">Finite, above 0.</param>
    /// <param name="epsilon2">Finite, at least 0.</param>
    /// <param name="clipThreshold">Finite, above 0.</param>
    /// <param name="relativeStep">Whether the learning rate is at most 1/√t.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adafactor(
        float learningRate, float beta2Decay = -0.8f, float epsilon1 = 1e-30f, float epsilon2 = 1e-3f, float clipThreshold = 1f, bool relativeStep = true)
    {
        LearningRate = learningRate;
        Beta2Decay = beta2Decay;
        Epsilon1 = epsilon1;
        Epsilon2 = epsilon2;
        ClipThreshold = clipThreshold;
        RelativeStep = relativeStep;
    }

    /// <summary>lr: finite, at least 0.</summary>
    public float LearningRate { get; init => field = Interval.NonNegative.Check(value, Hyperparameter.LearningRate); }

    /// <summary>The exponent of t in 1 - β: in [-1, 0).</summary>
    public float Beta2Decay { get; init => field = Interval.Decaying.Check(value, "beta_2_decay"); }

    /// <summary>ε1, beside the squared gradient: finite, above 0.</summary>
    public float Epsilon1 { get; init => field = Interval.Positive.Check(value, "epsilon_1"); }

    /// <summary>ε2, the least size that a slice's step is relative to: finite, at least 0.</summary>
    public float Epsilon2 { get; init => field = Interval.NonNegative.Check(value, "epsilon_2"); }

    /// <summary>The largest root mean square of u: finite, above 0.</summary>
    public float ClipThreshold { get; init => field = Interval.Positive.Check(value, "clip_threshold"); }

    /// <summary>Whether the learning rate is at most 1/√t.</summary>
    public bool RelativeStep { get; init; }

    /// <inheritdoc/>
    public ImmutableArray<Hyperparameter> Hyperparameters => Table.Read(this);

    /// <inheritdoc/>
    public IOptimizer WithHyperparameters(params ReadOnlySpan<Hyperparameter> values) => Table.Replace(this, values);

    private static ReadOnlySpan<float> One => [1f];

    /// <inheritdoc/>
    public int StateLength(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int length = StepCounter.Length;
        foreach (var slice in layout.Slices) length = checked(length + MomentsLength(slice));
        return length;
    }

    /// <inheritdoc/>
    public void InitializeState(ParameterLayout layout, Span<float> state) => state.Clear();

    /// <inheritdoc/>
    public StructureType StateSignature(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new StructureType(
            ("steps", TensorType.Int32), ("moments", new StructureType(layout.Slices.Select(slice => ((string?)null, (TypeSignature)Moments(slice))))));
    }

    /// <inheritdoc/>
    public void Step(ParameterLayout layout, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state)
    {
        StateCheck.Length(state, StateLength(layout));
        long step = StepCounter.Next(state[^StepCounter.Length..]);
        float root = MathF.Sqrt(step);
        float rate = Math.Min(RelativeStep ? Math.Min(LearningRate, 1f / root) : LearningRate, root);
        float beta = 1f - (float)PortableMath.Power((double)step, Beta2Decay);
        foreach (var slice in layout.Slices)
        {
            int length = MomentsLength(slice);
            Step(slice, slice.Of(parameters), slice.Of(gradient), state[..length], beta, rate);
            state = state[length..];
        }
    }

    private static StructureType Moments(ParameterSlice slice) => slice.Shape.Length < 2
        ? new StructureType(("v", Array(slice.Shape)))
        : new StructureType(("r", Array(slice.Shape[..^1])), ("c", Array([.. slice.Shape[..^2], slice.Shape[^1]])));

    private static TensorType Array(ImmutableArray<int> shape) => new("float32", [.. shape.Select(size => (int?)size)]);

    private static int MomentsLength(ParameterSlice slice) =>
        slice.Length == 0 || slice.Shape.Length < 2 ? slice.Length : slice.Length / slice.Shape[^1] + slice.Length / slice.Shape[^2];

    private void Step(ParameterSlice slice, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> moments, float beta, float rate)
    {
        if (slice.Length == 0) return;
        bool factored = slice.Shape.Length >= 2;
        int rows = factored ? slice.Shape[slice.Transposed ? ^1 : ^2] : 1, columns = factored ? slice.Shape[slice.Transposed ? ^2 : ^1] : slice.Length;
        int size = rows * columns, count = slice.Length / size;
        float alpha = Math.Max(Epsilon2, MathF.Sqrt((float)(SquareSum(parameters) / slice.Length))) * rate;

        // Matrices lie one after the other, and so do their row moments, and after all of these their column moments.
        var rowMoments = factored ? moments[..(count * rows)] : default;
        var columnMoments = moments[rowMoments.Length..];
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            var g = gradient.Slice(i * size, size);
            var row = factored ? rowMoments.Slice(i * rows, rows) : default;
            var column = columnMoments.Slice(i * columns, columns);
            OptimizerUpdates.FactoredMoments(g, row, column, beta, Epsilon1);
            squares += OptimizerUpdates.FactoredSquares(g, factored ? row : One, column, Mean(row));
        }

        float step = alpha / Math.Max(1f, MathF.Sqrt((float)(squares / slice.Length)) / ClipThreshold);
        for (int i = 0; i < count; i++)
        {
            var row = factored ? rowMoments.Slice(i * rows, rows) : default;
            var column = columnMoments.Slice(i * columns, columns);
            OptimizerUpdates.FactoredStep(parameters.Slice(i * size, size), gradient.Slice(i * size, size), factored ? row : One, column, Mean(row), step);
        }
    }

    // mean(r) = mean(c), both being the mean of the whole matrix, so that it does not matter which way round the matrix is stored. 1 for a vector.
    private static float Mean(ReadOnlySpan<float> moments)
    {
        if (moments.IsEmpty) return 1f;
        double sum = 0;
        foreach (float moment in moments) sum += moment;
        return (float)(sum / moments.Length);
    }

    private static double SquareSum(ReadOnlySpan<float> x)
    {
        double sum = 0;
        for (; !x.IsEmpty; x = x[Math.Min(SummedLength, x.Length)..])
        {
            var part = x[..Math.Min(SummedLength, x.Length)];
            sum += Vectors.Dot(part, part);
        }

        return sum;
    }
}
