using System.Text.Json.Nodes;
using FedPure.Learning.Models;
using FedPure.TestData;

namespace FedPure.Learning.Optimizers;

/// <summary>
/// Every rule alone equals TensorFlow Federated 0.87.0 at every step: weights, state and hyper-parameters, with the matrix stored either way round. Weights of
/// up to 10 go through five steps of a handful of float32 roundings on either side, each 2^-24 = 6e-8 relative: 1e-6 relative, or 3e-7 where a weight is small.
/// </summary>
public class OptimizerGoldenTests
{
    private const double Relative = 1e-6, Absolute = 3e-7;

    // A state may be as small as the square of 1e-5, so it is compared relatively, whatever 3e-7 would allow; with a millionth of the largest entry beside it
    // for running means in which opposite gradients cancel.
    private const double StateFloor = 1e-6;

    private static readonly JsonNode Golden = Repository.GoldenJson("algorithms/optimizers.json");

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var (name, one) in Golden["cases"]!.AsObject())
            {
                foreach (var (gradients, _) in one!["runs"]!.AsObject())
                {
                    data.Add(name, gradients, false);
                    data.Add(name, gradients, true);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Changed => [.. Golden["set_hparams_before_step_3"]!.AsObject().Select(entry => entry.Key)];

    public static TheoryData<string> NonFinite => [.. Golden["non_finite_gradient"]!["cases"]!.AsObject().Select(entry => entry.Key)];

    [Fact]
    public void TheFileHasTheCasesItIsKnownToHave() => Assert.Equal((2 * 34, 6, 3), (Cases.Count, Changed.Count, NonFinite.Count));

    [Theory, MemberData(nameof(Cases))]
    public void EveryStepIsGolden(string name, string gradients, bool transposed)
    {
        var run = new Run(name, transposed);
        var golden = Golden["cases"]![name]!["runs"]![gradients]!;
        run.AssertState(golden["initial_state"]!, "initial");
        run.AssertHyperparameters(golden["hparams"]!);
        for (int step = 0; step < 5; step++)
        {
            run.Step(step, Floats(Golden["gradient_sets"]![gradients]![step]!));
            run.AssertGolden(golden["steps"]![step]!, step);
        }
    }

    [Theory, MemberData(nameof(Changed))]
    public void HyperparametersAreReplacedBetweenSteps(string name)
    {
        var golden = Golden["set_hparams_before_step_3"]![name]!;
        var run = new Run(name, transposed: true);
        var steps = golden["steps"]!;

        // Adafactor fails there upstream; the steps before the change are those of the plain case, and after it the double-precision rule is the judge.
        bool failed = steps is JsonObject;
        var reference = failed ? new ReferenceAdafactor(new Adafactor(0.1f), Floats(Golden["weights"]!)) : null;
        for (int step = 0; step < 5; step++)
        {
            if (step == 2)
            {
                run.Set(golden["new"]!);
                if (reference is not null) reference.Rule = reference.Rule with { LearningRate = 0.5f };
            }

            var gradient = Floats(Golden["gradient_sets"]!["normal"]![step]!);
            run.Step(step, gradient);
            if (reference is null)
            {
                run.AssertGolden(steps[step]!, step);
                continue;
            }

            reference.Step(gradient);
            run.AssertWeights(reference.Weights, step);
            if (step < 2) run.AssertGolden(Golden["cases"]![name]!["runs"]!["normal"]!["steps"]![step]!, step);
        }
    }

    [Theory, MemberData(nameof(NonFinite))]
    public void GradientsThatAreNotFiniteSpreadAsUpstream(string name)
    {
        var run = new Run(name, transposed: false);
        var steps = Golden["non_finite_gradient"]!["cases"]![name]!["steps"]!.AsArray();
        for (int step = 0; step < steps.Count; step++)
        {
            var gradient = Floats(Golden["gradient_sets"]!["normal"]![step]!);
            if (step == 1) (gradient[1], gradient[4]) = (float.NaN, float.PositiveInfinity);
            run.Step(step, gradient);
            run.AssertGolden(steps[step]!, step);
        }
    }

    private static float[] Floats(JsonNode node) => node is JsonArray items
        ? [.. items.SelectMany(item => Floats(item!))]
        : [node.GetValueKind() == System.Text.Json.JsonValueKind.String ? float.Parse((string)node!, System.Globalization.CultureInfo.InvariantCulture) : (float)node];

    /// <summary>A rule on the file's three tensors, [4], [2×3] and a scalar.</summary>
    private sealed class Run
    {
        private readonly string _name;
        private readonly ParameterLayout _layout;
        private readonly float[] _parameters, _state;
        private readonly Func<int, float>? _schedule;
        private IOptimizer _rule;

        public Run(string name, bool transposed)
        {
            _name = name;
            (_rule, _schedule) = Create(name, Golden["cases"]![name]!["hparams_given"]!);
            _layout = new([("a", [4], false), ("b", [2, 3], transposed), ("c", [], false)]);
            _parameters = Stored(Floats(Golden["weights"]!));
            _state = new float[_rule.StateLength(_layout)];
            _state.AsSpan().Fill(float.NaN);
            _rule.InitializeState(_layout, _state);
        }

        public void Set(JsonNode values)
        {
            if (_schedule is null)
                _rule = _rule.WithHyperparameters([.. values.AsObject().Select(entry => new Hyperparameter(entry.Key, (float)entry.Value!))]);
        }

        public void Step(int step, float[] gradient)
        {
            if (_schedule is not null) _rule = _rule.WithLearningRate(_schedule(step));
            _rule.Step(_layout, _parameters, Stored(gradient), _state);
        }

        public void AssertGolden(JsonNode golden, int step)
        {
            AssertWeights([.. Floats(golden["weights"]!).Select(w => (double)w)], step);
            AssertState(golden["state"]!, $"step {step}");
        }

        public void AssertWeights(double[] expected, int step)
        {
            var actual = Canonical(_parameters);
            for (int i = 0; i < expected.Length; i++)
                AssertClose(expected[i], actual[i], Math.Max(Absolute, Relative * Math.Abs(expected[i])), $"step {step}: w[{i}]");
        }

        public void AssertHyperparameters(JsonNode golden)
        {
            if (_schedule is not null) return;
            var expected = golden.AsObject().Select(entry =>
                new Hyperparameter(
                    entry.Key,
                    entry.Value!.GetValueKind() is System.Text.Json.JsonValueKind.True
                        ? 1 : entry.Value.GetValueKind() is System.Text.Json.JsonValueKind.False ? 0 : (float)entry.Value));
            Assert.Equal(expected, _rule.Hyperparameters);
        }

        public void AssertState(JsonNode golden, string where)
        {
            if (_schedule is not null) golden = golden["optimizer"]!;
            int n = _layout.Length;
            switch (_rule)
            {
                case Sgd { IsPlain: true }: Assert.Empty(_state); break;
                case Sgd: AssertSlots(golden["accumulator"]!, Canonical(_state), where); break;
                case Adagrad or RmsProp: AssertSlots(golden["preconditioner"]!, Canonical(_state), where); break;
                case Adam or AdamW or Yogi:
                    AssertSlots(golden["accumulator"]!, Canonical(_state[..n]), where);
                    AssertSlots(golden["preconditioner"]!, Canonical(_state[n..(2 * n)]), where);
                    Assert.Equal((long)golden["step"]!, StepCounter.Read(_state.AsSpan(2 * n)));
                    break;
                case Adafactor:
                    // a: v [4]; b: rows then columns as stored; c: v; the step.
                    AssertSlots(golden["moments"]![0]!["v"]!, _state[..4], where);
                    bool transposed = _layout.Slices[1].Transposed;
                    AssertSlots(golden["moments"]![1]!["r"]!, transposed ? _state[7..9] : _state[4..6], where);
                    AssertSlots(golden["moments"]![1]!["c"]!, transposed ? _state[4..7] : _state[6..9], where);
                    AssertSlots(golden["moments"]![2]!["v"]!, _state[9..10], where);
                    Assert.Equal((long)golden["steps"]!, StepCounter.Read(_state.AsSpan(10)));
                    break;
                default: Assert.Fail($"{_rule} has no check of its state."); break;
            }
        }

        private void AssertSlots(JsonNode golden, float[] actual, string where)
        {
            var expected = Floats(golden);
            Assert.Equal(expected.Length, actual.Length);
            double scale = expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
            for (int i = 0; i < expected.Length; i++)
                AssertClose(expected[i], actual[i], Relative * Math.Max(Math.Abs(expected[i]), StateFloor * scale), $"{where}: state[{i}]");
        }

        private void AssertClose(double expected, double actual, double tolerance, string where) => Assert.True(
            expected.Equals(actual)
                || Math.Abs(expected - actual) <= tolerance,
                $"{_name}, {where}: expected {expected:R}, got {actual:R}, {Math.Abs(expected - actual):E2} apart.");

        private float[] Stored(float[] canonical)
        {
            var stored = new float[canonical.Length];
            _layout.FromCanonical(canonical, stored);
            return stored;
        }

        private float[] Canonical(float[] stored)
        {
            var canonical = new float[stored.Length];
            _layout.ToCanonical(stored, canonical);
            return canonical;
        }

        private static (IOptimizer Rule, Func<int, float>? Schedule) Create(string name, JsonNode given)
        {
            if (name.StartsWith("scheduled", StringComparison.Ordinal)) return CreateScheduled((string)given["base"]!, (string)given["schedule"]!);
            var numbers = given.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!);
            float rate = numbers.Remove("learning_rate", out var lr) ? (float)lr : 0.01f;
            float? initial = numbers.Remove("initial_preconditioner_value", out var first) ? (float)first : null;
            IOptimizer rule = name.Split('_')[0] switch
            {
                "sgdm" => new Sgd(rate, numbers.Remove("momentum", out var momentum) ? (float)momentum : 0f),
                "adagrad" => initial is null ? new Adagrad(rate) : new Adagrad(rate, initial.Value),
                "adam" => new Adam(rate),
                "adamw" => new AdamW(rate),
                "rmsprop" => new RmsProp(rate),
                "yogi" => initial is null ? new Yogi(rate) : new Yogi(rate, initialPreconditionerValue: initial.Value),
                "adafactor" => new Adafactor(rate),
                var other => throw new NotSupportedException(other),
            };
            return (
                rule.WithHyperparameters(
                    [.. numbers.Select(entry => new Hyperparameter(entry.Key, entry.Key == "relative_step" ? (bool)entry.Value ? 1 : 0 : (float)entry.Value))]),
                null);
        }

        private static (IOptimizer Rule, Func<int, float> Schedule) CreateScheduled(string rule, string schedule) => (
            rule switch
            {
                "build_sgdm(1.0)" => new Sgd(1f),
                "build_sgdm(1.0,0.9)" => new Sgd(1f, 0.9f),
                "build_adam(1.0)" => new Adam(1f),
                _ => throw new NotSupportedException(rule),
            },
            schedule switch
            {
                "0.1 if s<2 else 0.01" => step => new StepSchedule(2, 0.1).RateAt(0.1f, Math.Min(step, 2)),
                "0.1/(1+s)" => step => new InverseSchedule(1).RateAt(0.1f, step),
                _ => throw new NotSupportedException(schedule),
            });
    }
}
