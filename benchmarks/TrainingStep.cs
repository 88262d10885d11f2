using BenchmarkDotNet.Attributes;
using FedPure.Data;
using FedPure.Learning.Models;

namespace FedPure.Benchmarks;

/// <summary>One step of plain SGD on a batch of 20 images, with loss and correct counts.</summary>
public class TrainingStep
{
    private const int Rows = 20, Features = 784;

    private readonly float[] _features = new float[Rows * Features];
    private readonly int[] _labels = new int[Rows];
    private IFusedModel _model = null!;
    private float[] _parameters = [], _gradient = [], _workspace = [];
    private readonly double[] _sums = new double[16];

    [ParamsSource(nameof(Models))]
    public TrainedModel Model { get; set; } = null!;

    public static IEnumerable<TrainedModel> Models => [new([], Rows), new([200, 200], Rows)];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int i = 0; i < _features.Length; i++) _features[i] = random.NextSingle();
        for (int i = 0; i < Rows; i++) _labels[i] = random.Next(10);
        _model = Model.Create();
        _parameters = new float[_model.Layout.Length];
        _gradient = new float[_model.Layout.Length];
        _workspace = new float[_model.WorkspaceLength(Rows)];
        _model.Initialize(_parameters);
    }

    /// <summary>The step that writes no gradient. The rate is small, so that the weights stay where they are and no input becomes subnormal.</summary>
    [Benchmark(Baseline = true)]
    public void Fused() => _model.Step(_parameters, new Batch(_features, _labels), 1e-6f, _sums, _workspace);

    [Benchmark]
    public void GradientThenStep()
    {
        _model.LossAndGradient(_parameters, new Batch(_features, _labels), _gradient, _sums, _workspace);
        Tensors.Vectors.AddScaled(_gradient, -1e-6f, _parameters);
    }
}
