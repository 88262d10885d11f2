using FedPure.Learning.Models;

namespace FedPure.Learning.Optimizers;

/// <summary>The rules one by one: sequences known elsewhere, ranges, hyper-parameters, state and memory.</summary>
public class OptimizerTests
{
    private static readonly ParameterLayout Scalar = new([("w", [1], false)]);

    // The sequences of TensorFlow Federated's own tests from w = 1 with gradient 2, to the digits they are written with.
    public static TheoryData<IOptimizer, double, double[]> Sequences => new()
    {
        { new Adam(0.1f, epsilon: 0f), 2, [.9, .8, .7, .6] },
        { new Adagrad(0.01f, 0f, 0f), 2, [.99, .9829289, .9771554, .9721554] },
        { new RmsProp(0.01f, 0.5f), 2, [.98585784, .97431080, .96362036, .95329240] },
    };

    public static TheoryData<string, Func<IOptimizer>> OutOfRange => new()
    {
        { "learning_rate", () => new Adam(-0.1f) },
        { "learning_rate", () => new AdamW(float.NaN) },
        { "learning_rate", () => new Yogi(float.PositiveInfinity) },
        { "learning_rate", () => new Adagrad(-1f) },
        { "learning_rate", () => new RmsProp(-1f) },
        { "learning_rate", () => new Adafactor(-0.1f) },
        { "beta_1", () => new Adam(0.1f, beta1: 1f) },
        { "beta_1", () => new Adam(0.1f, beta1: -0.1f) },
        { "beta_2", () => new Adam(0.1f, beta2: 1.5f) },
        { "beta_2", () => new Yogi(0.1f, beta2: 1f) },
        { "epsilon", () => new Adam(0.1f, epsilon: -1f) },
        { "epsilon", () => new Adagrad(0.1f, epsilon: float.NaN) },
        { "weight_decay", () => new AdamW(0.1f, weightDecay: -1f) },
        { "initial_preconditioner_value", () => new Adagrad(0.1f, -1f) },
        { "initial_preconditioner_value", () => new Yogi(0.1f, initialPreconditionerValue: -1f) },
        { "learning_rate", () => new FedAdam(-1f) },
        { "beta_1", () => new FedAdagrad(0.1f, beta1: 1f) },
        { "beta_2", () => new FedYogi(0.1f, beta2: 1f) },
        { "tau", () => new FedAdam(0.1f, tau: 0f) },
        { "initial_preconditioner_value", () => new FedYogi(0.1f, initialPreconditionerValue: -1f) },
        { "decay", () => new RmsProp(0.1f, 1f) },
        { "decay", () => new RmsProp(0.1f, 1.5f) },
        { "beta_2_decay", () => new Adafactor(0.1f, beta2Decay: 0.1f) },
        { "clip_threshold", () => new Adafactor(0.1f, clipThreshold: -1f) },
        { "epsilon_1", () => new Adafactor(0.1f, epsilon1: 0f) },
        { "epsilon_2", () => new Adafactor(0.1f, epsilon2: -1f) },
        { "momentum", () => new Sgd(0.1f, 1f) },
    };

    [Theory, MemberData(nameof(Sequences))]
    public void StepsAreThoseOfTheReferencesOwnTests(IOptimizer rule, double gradient, double[] expected)
    {
        float[] w = [1f], state = rule.InitialState(Scalar);
        foreach (double value in expected)
        {
            rule.Step(Scalar, w, [(float)gradient], state);
            Assert.Equal(value, w[0], 1e-6);
        }
    }

    [Fact]
    public void AdafactorDescendsAsInTheReferencesOwnTest()
    {
        // Σw² from [1, 2, 3] at rate 0.003, printed there with two decimals.
        var layout = new ParameterLayout([("w", [3], false)]);
        var rule = new Adafactor(0.003f);
        float[] w = [1f, 2f, 3f], state = rule.InitialState(layout);
        foreach (double value in (double[])[13.92, 13.84, 13.76, 13.70, 13.61])
        {
            rule.Step(layout, w, [.. w.Select(x => 2 * x)], state);
            Assert.Equal(value, w.Sum(x => x * x), 0.015);
        }
    }

    [Theory, MemberData(nameof(OutOfRange))]
    public void NumbersOutsideTheirRangeAreRefusedByName(string name, Func<IOptimizer> create)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(create);
        Assert.Equal(name, error.ParamName);
        Assert.StartsWith($"{name} must be ", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Rules.Names), MemberType = typeof(Rules))]
    public void EveryHyperparameterIsReadAndReplaced(string name)
    {
        var rule = Rules.All[name];
        Assert.Equal(Hyperparameter.LearningRate, rule.Hyperparameters[0].Name);
        foreach (var (key, value) in rule.Hyperparameters)
        {
            float other = value is 0f or 1f ? 0.5f : value * 0.5f;
            if (key == "relative_step") other = 0f;
            var changed = rule.WithHyperparameters(new Hyperparameter(key, other));
            Assert.Equal(rule.Hyperparameters.Select(entry => entry.Name == key ? entry with { Value = other } : entry), changed.Hyperparameters);
            Assert.NotEqual(rule, changed);
            Assert.Equal(rule, changed.WithHyperparameters([.. rule.Hyperparameters]));
            Assert.Throws<ArgumentOutOfRangeException>(() => rule.WithHyperparameters(new Hyperparameter(key, float.NaN)));
        }

        Assert.Equal(rule, rule.WithHyperparameters());
        Assert.Equal(0.25f, rule.WithLearningRate(0.25f).Hyperparameters[0].Value);
        Assert.Equal(rule.StateLength(Rules.Layout), rule.WithLearningRate(0.25f).StateLength(Rules.Layout));
    }

    [Theory, MemberData(nameof(Rules.Names), MemberType = typeof(Rules))]
    public void AnUnknownHyperparameterIsNamedWithThoseThereAre(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Rules.All[name].WithHyperparameters(new Hyperparameter("lr", 1f)));
        Assert.Contains("'lr'", error.Message, StringComparison.Ordinal);
        foreach (var (key, _) in Rules.All[name].Hyperparameters) Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MomentumCannotLeaveARuleThatKeepsItsAccumulator() =>
        Assert.Contains(
            "plain Sgd",
            Assert.Throws<ArgumentOutOfRangeException>(() => Rules.All["momentum"].WithHyperparameters(new Hyperparameter("momentum", 0f))).Message,
            StringComparison.Ordinal);

    [Theory, MemberData(nameof(Rules.Names), MemberType = typeof(Rules))]
    public void AStateOfTheWrongLengthIsRefused(string name)
    {
        var rule = Rules.All[name];
        int n = Rules.Layout.Length, length = rule.StateLength(Rules.Layout);
        if (length > 0) Assert.Throws<ArgumentException>(() => rule.Step(Rules.Layout, new float[n], new float[n], new float[length - 1]));
        Assert.ThrowsAny<ArgumentException>(() => rule.Step(Rules.Layout, new float[n], new float[n - 1], rule.InitialState(Rules.Layout)));
    }

    [Theory, MemberData(nameof(Rules.Names), MemberType = typeof(Rules))]
    public void AStepAllocatesNothing(string name)
    {
        var rule = Rules.All[name];
        float[] w = new float[Rules.Layout.Length], gradient = new float[w.Length], state = rule.InitialState(Rules.Layout);
        gradient.AsSpan().Fill(0.1f);
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            rule.Step(Rules.Layout, w, gradient, state);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory, MemberData(nameof(Rules.Names), MemberType = typeof(Rules))]
    public void AQuadraticIsMinimized(string name)
    {
        // ½·Σ c·w² with curvatures from 0.2 to 1, rate 0.1 falling as 1/(1 + r/20), as long as a training run: every rule comes within 0.005 of the minimum.
        var layout = Rules.Layout;
        var rule = Rules.All[name] is AdamW decayed ? decayed with { WeightDecay = 0f } : Rules.All[name];
        var schedule = new InverseSchedule(0.05);
        float[] w = [.. Enumerable.Range(0, layout.Length).Select(i => 0.5f - 0.1f * i)], state = rule.InitialState(layout);
        for (int round = 0; round < 500; round++)
        {
            float[] gradient = [.. w.Select((x, i) => x * (0.2f + 0.08f * i))];
            rule.WithLearningRate(schedule.RateAt(name == "adafactor" ? 0.5f : 0.3f, round)).Step(layout, w, gradient, state);
        }

        Assert.True(w.Select((x, i) => 0.5 * (0.2 + 0.08 * i) * x * x).Sum() < 0.005, $"{name}: w = {string.Join(", ", w)}");
    }

    [Fact]
    public void AdafactorKeepsRowsAndColumnsOfEachMatrixOfATensor()
    {
        // A tensor [2×3×4] is two matrices with a common root mean square: r [2×3], c [2×4]; a tensor without elements keeps nothing.
        var layout = new ParameterLayout([("none", [0, 5], false), ("tensor", [2, 3, 4], false)]);
        var rule = new Adafactor(0.1f);
        Assert.Equal(2 * 3 + 2 * 4 + StepCounter.Length, rule.StateLength(layout));

        float[] w = [.. Enumerable.Range(1, 24).Select(i => i * 0.1f)], gradient = [.. Enumerable.Range(1, 24).Select(i => MathF.Sqrt(i) - 3f)];
        var state = rule.InitialState(layout);
        double[] u = new double[24], before = [.. w.Select(x => (double)x)];
        for (int m = 0; m < 2; m++)
        {
            // At the first step β = 0, so that the moments are the means of this step's squares.
            double Square(int i, int j) => (double)gradient[12 * m + 4 * i + j] * gradient[12 * m + 4 * i + j];
            double[] r = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 4).Average(j => Square(i, j)))];
            double[] c = [.. Enumerable.Range(0, 4).Select(j => Enumerable.Range(0, 3).Average(i => Square(i, j)))];
            for (int k = 0; k < 12; k++) u[12 * m + k] = gradient[12 * m + k] / Math.Sqrt(r[k / 4] / r.Average() * c[k % 4]);
        }

        double alpha = 0.1 * Math.Sqrt(before.Average(x => x * x)), clip = Math.Max(1, Math.Sqrt(u.Average(x => x * x)));
        rule.Step(layout, w, gradient, state);
        for (int k = 0; k < 24; k++) Assert.Equal(before[k] - alpha * u[k] / clip, w[k], 1e-6);
    }

    [Fact]
    public void StepsAreCountedBeyondWhatAFloatHolds()
    {
        float[] state = [(1 << 24) - 2, 0f];
        Assert.Equal([16777215L, 16777216L, 16777217L, 16777218L], Enumerable.Range(0, 4).Select(_ => StepCounter.Next(state)));
        Assert.Equal([2f, 1f], state);
    }

    [Fact]
    public void TheBiasCorrectionFadesAndStays()
    {
        Assert.Equal(MathF.Sqrt(1f - 0.999f) / (1f - 0.9f), AdamMoments.Correction(0.9f, 0.999f, 1));
        Assert.Equal(1f, AdamMoments.Correction(0.9f, 0.999f, 1L << 40));
    }
}
