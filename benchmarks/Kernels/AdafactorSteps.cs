using BenchmarkDotNet.Attributes;
using FedPure.Learning.Optimizers;

namespace FedPure.Benchmarks.Kernels;

/// <summary>A step of Adafactor, which reads the gradient three times and the parameters twice, against a copy of either.</summary>
public class AdafactorSteps
{
    private readonly Adafactor _rule = new(1e-9f);

    private float[] _parameters = [], _gradient = [], _state = [], _first = [], _second = [];

    [ParamsSource(nameof(All))]
    public UpdateSteps Steps { get; set; } = null!;

    public static IEnumerable<UpdateSteps> All => [new("adafactor", 784, 10, 2), new("adafactor", 1000, 1660, 2)];

    [GlobalSetup]
    public void Setup()
    {
        int length = (int)Steps.Elements;
        (_parameters, _gradient) = (Floats.Create(length, 1, -1f, 1f), Floats.Create(length, 2, -1f, 1f));
        (_first, _second) = (new float[length], new float[length]);
        _state = new float[_rule.StateLength(Steps.Layout)];
        _rule.InitializeState(Steps.Layout, _state);
    }

    [Benchmark(Baseline = true, Description = "FedPure")]
    public void Step() => _rule.Step(Steps.Layout, _parameters, _gradient, _state);

    [Benchmark(Description = "copy of the arrays read")]
    public void Copy()
    {
        _parameters.CopyTo(_first, 0);
        _gradient.CopyTo(_second, 0);
    }
}
