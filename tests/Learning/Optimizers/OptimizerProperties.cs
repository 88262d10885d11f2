using FsCheck.Xunit;

namespace FedPure.Learning.Optimizers;

/// <summary>What holds for an update rule whatever the weights and gradients.</summary>
[Properties(Arbitrary = [typeof(AnySteps)], MaxTest = 200)]
public class OptimizerProperties
{
    // Room for the roundings of a step, 2^-24 each, and of twelve steps' states.
    private const double Slack = 1 + 1e-5;

    [Property]
    public bool AZeroGradientFromAFreshStateLeavesTheWeights(Steps steps) => Rules.All.Where(entry => entry.Key != "adamw").All(entry =>
        Same(entry.Value.Run(steps with { Gradients = [new float[Rules.Layout.Length], new float[Rules.Layout.Length]] })[^1], steps.Weights));

    [Property]
    public bool AZeroGradientUnderAdamWTakesTheDecayedPart(Steps steps)
    {
        // w -= lr·λ·w with lr = 0.1 and λ = 0.004: three roundings.
        var after = new AdamW(0.1f).Run(steps with { Gradients = [new float[Rules.Layout.Length]] })[0];
        return steps.Weights.Zip(after).All(pair => Math.Abs(pair.First * (1 - 0.1 * 0.004) - pair.Second) <= 3 * Math.ScaleB(Math.Abs(pair.First), -24));
    }

    [Property]
    public bool AZeroRateLeavesTheWeights(Steps steps) => Rules.All.Values.All(rule => Same(rule.WithLearningRate(0f).Run(steps)[^1], steps.Weights));

    [Property]
    public bool WithoutEpsilonAdaptiveRulesDoNotSeeTheScaleOfTheGradients(Steps steps, byte exponent)
    {
        // Scaling by a power of two is exact, so the bits are the same. Adafactor's ε1 of 1e-30 vanishes beside squares of at least 2^-40.
        float scale = MathF.ScaleB(1f, exponent % 21 - 10);
        IOptimizer[] rules = [new Adam(0.1f, epsilon: 0f), new AdamW(0.1f, epsilon: 0f), new Yogi(0.1f, epsilon: 0f, initialPreconditionerValue: 0f), new Adagrad(0.1f, 0f, 0f), new RmsProp(0.1f, epsilon: 0f), new Adafactor(0.1f)];
        return rules.All(rule => Same(rule.Run(steps)[^1], rule.Run(steps, scale)[^1]));
    }

    [Property]
    public bool MomentumIsLinearInTheGradients(Steps steps)
    {
        var zero = steps with { Weights = new float[Rules.Layout.Length] };
        return ((string[])["sgd", "momentum", "nesterov"]).All(
            name => Same(Rules.All[name].Run(zero, 8f)[^1], [.. Rules.All[name].Run(zero)[^1].Select(w => 8f * w)]));
    }

    [Property]
    public bool AMomentumNearZeroIsPlainDescent(Steps steps)
    {
        // 2^-100 of the past vanishes in every sum. One multiply-add an element against a product and a difference: a rounding of either apart at each step.
        var plain = new Sgd(0.1f).Run(steps)[^1];
        double[] sizes = [.. Enumerable.Range(0, plain.Length).Select(i => Math.Abs(steps.Weights[i]) + 0.1 * steps.Gradients.Sum(g => Math.Abs(g[i])))];
        return ((bool[])[false, true]).All(nesterov => new Sgd(0.1f, MathF.ScaleB(1f, -100), nesterov).Run(steps)[^1]
            .Zip(plain, sizes).All(x => Math.Abs(x.First - x.Second) <= steps.Gradients.Length * 2 * Math.ScaleB(x.Third, -24)));
    }

    [Property]
    public bool StepsAreBounded(Steps steps)
    {
        double largest = steps.Gradients.Max(g => g.Max(Math.Abs));
        return Bounded(new Sgd(0.1f, 0.9f), steps, _ => 0.1 * largest / (1 - 0.9))
            && Bounded(new Adagrad(0.1f), steps, _ => 0.1)
            && Bounded(new RmsProp(0.1f), steps, _ => 0.1 / Math.Sqrt(1 - 0.9))
            && Bounded(new Adam(0.1f), steps, AdamBound);
    }

    [Property]
    public bool AdafactorsStepOfASliceIsBoundedInItsRootMeanSquare(Steps steps)
    {
        // max(ε2, rms(w))·min(lr, 1/√t)·clip, whatever the gradients.
        var rule = new Adafactor(0.5f);
        var after = rule.Run(steps);
        for (int t = 0; t < after.Count; t++)
        {
            var before = t == 0 ? steps.Weights : after[t - 1];
            foreach (var slice in Rules.Layout.Slices)
            {
                double bound = Math.Max(1e-3, Rms(slice.Of(before))) * Math.Min(0.5, 1 / Math.Sqrt(t + 1));
                double[] step = [.. slice.Of(after[t]).ToArray().Zip(slice.Of(before).ToArray(), (x, y) => (double)x - y)];
                if (Math.Sqrt(step.Average(x => x * x)) > bound * Slack + Math.ScaleB(Rms(slice.Of(before)), -20)) return false;
            }
        }

        return true;
    }

    [Property]
    public bool YogisPreconditionerMovesByNoMoreThanThePartOfTheSquare(Steps steps)
    {
        var rule = new Yogi(0.1f);
        float[] w = [.. steps.Weights], state = rule.InitialState(Rules.Layout);
        int n = Rules.Layout.Length;
        foreach (float[] gradient in steps.Gradients)
        {
            float[] before = state[n..(2 * n)];
            rule.Step(Rules.Layout, w, gradient, state);
            for (int i = 0; i < n; i++)
            {
                double change = Math.Abs((double)state[n + i] - before[i]), bound = (1 - 0.999) * gradient[i] * gradient[i];
                if (change > bound * 1.0001 + Math.ScaleB(before[i], -23) || state[n + i] < 0) return false;
            }
        }

        return true;
    }

    [Property]
    public bool HowAMatrixIsStoredChangesNothing(Steps steps) => Rules.All.All(entry =>
    {
        var rule = entry.Value;
        float[] canonical = steps.Weights, stored = new float[canonical.Length], state = rule.InitialState(Rules.Transposed),
            gradient = new float[canonical.Length];
        Rules.Transposed.FromCanonical(canonical, stored);
        foreach (float[] g in steps.Gradients)
        {
            Rules.Transposed.FromCanonical(g, gradient);
            rule.Step(Rules.Transposed, stored, gradient, state);
        }

        var after = new float[canonical.Length];
        Rules.Transposed.ToCanonical(stored, after);
        var expected = rule.Run(steps)[^1];

        // Adafactor sums rows in one order and columns in another.
        return rule is Adafactor ? expected.Zip(after).All(x => Math.Abs(x.First - x.Second) <= 1e-4 * (1 + Math.Abs(x.First))) : Same(expected, after);
    });

    // Cauchy and Schwarz: a² <= (1-β1)²/(1-β2)·Σ(β1²/β2)^i·p over the steps i < t, whatever the gradients.
    private static double AdamBound(int t)
    {
        double correction = Math.Sqrt(1 - Math.Pow(0.999, t)) / (1 - Math.Pow(0.9, t));
        return 0.1 * correction * (1 - 0.9) / Math.Sqrt(1 - 0.999) * Math.Sqrt(Enumerable.Range(0, t).Sum(i => Math.Pow(0.81 / 0.999, i)));
    }

    private static bool Bounded(IOptimizer rule, Steps steps, Func<int, double> bound)
    {
        var after = rule.Run(steps);
        for (int t = 0; t < after.Count; t++)
        {
            var before = t == 0 ? steps.Weights : after[t - 1];
            for (int i = 0; i < before.Length; i++)
            {
                // A difference of float32 weights also holds their own rounding; 1 - 0.999 as float32 differs by 1.3e-5 of itself.
                if (Math.Abs((double)after[t][i] - before[i]) > bound(t + 1) * (Slack + 2e-5) + Math.ScaleB(Math.Abs(before[i]), -23)) return false;
            }
        }

        return true;
    }

    private static double Rms(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x) sum += (double)value * value;
        return Math.Sqrt(sum / x.Length);
    }

    private static bool Same(float[] x, float[] y) => x.AsSpan().SequenceEqual(y);
}
