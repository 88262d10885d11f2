using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using FedPure.Learning.Optimizers;

namespace FedPure.Benchmarks.Kernels;

/// <summary>
/// Steps of the update rules, in one pass, against the same arithmetic out of TensorPrimitives, a pass an operation with one array of scratch, and against a
/// copy of the arrays that a step reads.
/// </summary>
public class OptimizerUpdates
{
    // Small, so that the parameters stay where they are over a billion steps.
    private const float Rate = 1e-9f, Momentum = 0.9f, OneMinusBeta1 = 0.1f, OneMinusBeta2 = 0.001f, Epsilon = 1e-7f;

    private IOptimizer _rule = null!;
    private float[] _parameters = [], _gradient = [], _state = [], _scratch = [], _sign = [];
    private float[][] _arrays = [], _copies = [];

    [ParamsSource(nameof(All))]
    public UpdateSteps Steps { get; set; } = null!;

    public static IEnumerable<UpdateSteps> All =>
        from shape in ((int, int)[])[(784, 10), (1000, 1660)]
        from rule in ((string, int)[])[("momentum", 3), ("adagrad", 3), ("rmsprop", 3), ("adam", 4), ("adamw", 4), ("yogi", 4)]
        select new UpdateSteps(rule.Item1, shape.Item1, shape.Item2, rule.Item2);

    private int Length => (int)Steps.Elements;

    private Span<float> First => _state.AsSpan(0, Length);

    private Span<float> Second => _state.AsSpan(Length, Length);

    [GlobalSetup]
    public void Setup()
    {
        _rule = Steps.Rule switch
        {
            "momentum" => new Sgd(Rate, Momentum),
            "adagrad" => new Adagrad(Rate),
            "rmsprop" => new RmsProp(Rate),
            "adam" => new Adam(Rate),
            "adamw" => new AdamW(Rate),
            _ => new Yogi(Rate),
        };
        (_parameters, _gradient) = (Floats.Create(Length, 1, -1f, 1f), Floats.Create(Length, 2, -1f, 1f));
        (_scratch, _sign) = (new float[Length], new float[Length]);
        _state = new float[Math.Max(_rule.StateLength(Steps.Layout), 2 * Length)];
        _arrays = [.. Enumerable.Range(0, Steps.Arrays).Select(i => Floats.Create(Length, 3 + i, -1f, 1f))];
        _copies = [.. _arrays.Select(array => new float[array.Length])];
        _rule.InitializeState(Steps.Layout, State);
    }

    private Span<float> State => _state.AsSpan(0, _rule.StateLength(Steps.Layout));

    [Benchmark(Baseline = true, Description = "FedPure")]
    public void Step() => _rule.Step(Steps.Layout, _parameters, _gradient, State);

    [Benchmark(Description = "TensorPrimitives")]
    public void Composition()
    {
        switch (Steps.Rule)
        {
            case "momentum":
                TensorPrimitives.Multiply(First, Momentum, First);
                TensorPrimitives.Add<float>(First, _gradient, First);
                TensorPrimitives.MultiplyAddEstimate<float>(First, -Rate, _parameters, _parameters);
                break;
            case "adagrad":
                TensorPrimitives.MultiplyAddEstimate<float>(_gradient, _gradient, First, First);
                TensorPrimitives.Add(First, Epsilon, _scratch);
                TensorPrimitives.Sqrt<float>(_scratch, _scratch);
                Descend(_gradient);
                break;
            case "rmsprop":
                Blend(First, Squares(), OneMinusBeta1);
                Root(First);
                Descend(_gradient);
                break;
            default:
                TensorPrimitives.Subtract<float>(_gradient, First, _scratch);
                TensorPrimitives.MultiplyAddEstimate<float>(_scratch, OneMinusBeta1, First, First);
                if (Steps.Rule == "yogi")
                {
                    TensorPrimitives.Subtract<float>(Squares(), Second, _sign);
                    TensorPrimitives.CopySign<float>(_scratch, _sign, _scratch);
                    TensorPrimitives.MultiplyAddEstimate<float>(_scratch, OneMinusBeta2, Second, Second);
                }
                else
                {
                    Blend(Second, Squares(), OneMinusBeta2);
                }

                Root(Second);
                if (Steps.Rule == "adamw") TensorPrimitives.Multiply(_parameters, 1f - Rate * 0.004f, _parameters);
                Descend(First);
                break;
        }
    }

    [Benchmark(Description = "copy of the arrays read")]
    public void Copy()
    {
        for (int i = 0; i < _arrays.Length; i++) _arrays[i].CopyTo(_copies[i], 0);
    }

    private Span<float> Squares()
    {
        TensorPrimitives.Multiply<float>(_gradient, _gradient, _scratch);
        return _scratch;
    }

    private void Root(ReadOnlySpan<float> squares)
    {
        TensorPrimitives.Sqrt(squares, _scratch);
        TensorPrimitives.Add(_scratch, Epsilon, _scratch);
    }

    private static void Blend(Span<float> mean, Span<float> values, float weight)
    {
        TensorPrimitives.Subtract(values, mean, values);
        TensorPrimitives.MultiplyAddEstimate(values, weight, mean, mean);
    }

    private void Descend(ReadOnlySpan<float> direction)
    {
        TensorPrimitives.Divide(direction, _scratch, _scratch);
        TensorPrimitives.MultiplyAddEstimate<float>(_scratch, -Rate, _parameters, _parameters);
    }
}
