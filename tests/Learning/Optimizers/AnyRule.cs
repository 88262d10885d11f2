using FedPure.Learning.Models;
using FsCheck;
using FsCheck.Fluent;

namespace FedPure.Learning.Optimizers;

/// <summary>Weights [2×3], [4] and a scalar, and the gradients of some steps.</summary>
public sealed record Steps(float[] Weights, float[][] Gradients)
{
    public override string ToString() => $"w [{Text(Weights)}], g {string.Join("; ", Gradients.Select(g => $"[{Text(g)}]"))}";

    private static string Text(float[] x) => string.Join(", ", x.Select(value => $"{value:R}"));
}

/// <summary>
/// Weights and gradients of either sign with magnitudes in [2^-10, 2^10): their squares, sums and quotients stay far from overflow and underflow.
/// </summary>
public static class AnySteps
{
    public static Arbitrary<Steps> Steps()
    {
        var value = from exponent in Gen.Choose(-10, 9)
                    from mantissa in Gen.Choose(0, (1 << 23) - 1)
                    from negative in Gen.Elements(false, true)
                    select MathF.ScaleB(1f + mantissa / 8388608f, exponent) * (negative ? -1f : 1f);
        var tensor = Gen.ArrayOf(value, Rules.Layout.Length);
        return Arb.From(
            from weights in tensor
            from count in Gen.Choose(1, 12)
            from gradients in Gen.ArrayOf(tensor, count)
            select new Steps(weights, gradients),
            steps => Enumerable.Range(1, steps.Gradients.Length - 1).Select(count => steps with { Gradients = steps.Gradients[..count] }));
    }
}

internal static class Rules
{
    public static ParameterLayout Layout { get; } = new([("kernel", [2, 3], false), ("bias", [4], false), ("scale", [], false)]);

    public static ParameterLayout Transposed { get; } = new([("kernel", [2, 3], true), ("bias", [4], false), ("scale", [], false)]);

    /// <summary>Every rule with its defaults, by name; momentum in both forms.</summary>
    public static Dictionary<string, IOptimizer> All { get; } = new()
    {
        ["sgd"] = new Sgd(0.1f),
        ["momentum"] = new Sgd(0.1f, 0.9f),
        ["nesterov"] = new Sgd(0.1f, 0.9f, nesterov: true),
        ["adam"] = new Adam(0.1f),
        ["adamw"] = new AdamW(0.1f),
        ["adagrad"] = new Adagrad(0.1f),
        ["rmsprop"] = new RmsProp(0.1f),
        ["yogi"] = new Yogi(0.1f),
        ["fedadagrad"] = new FedAdagrad(0.1f),
        ["fedadam"] = new FedAdam(0.1f),
        ["fedyogi"] = new FedYogi(0.1f),
        ["adafactor"] = new Adafactor(0.1f),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static float[] InitialState(this IOptimizer rule, ParameterLayout layout)
    {
        var state = new float[rule.StateLength(layout)];
        state.AsSpan().Fill(float.NaN);
        rule.InitializeState(layout, state);
        return state;
    }

    /// <summary>The weights after each step.</summary>
    public static List<float[]> Run(this IOptimizer rule, Steps steps, float scale = 1f)
    {
        float[] w = [.. steps.Weights], state = rule.InitialState(Layout);
        List<float[]> after = [];
        foreach (float[] gradient in steps.Gradients)
        {
            rule.Step(Layout, w, [.. gradient.Select(g => g * scale)], state);
            after.Add([.. w]);
        }

        return after;
    }
}
