using BenchmarkDotNet.Attributes;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Models;

namespace FedPure.Benchmarks.Kernels;

/// <summary>
/// The aggregation of the tutorial's round, ten updates of 7,850 parameters: the robust stack beside the plain mean. The difference, against a round of
/// <see cref="TutorialRound"/>, is what robustness costs.
/// </summary>
public class RobustRound
{
    private const int Clients = 10, Parameters = 7850;

    private readonly float[] _aggregate = new float[Parameters];
    private readonly ParameterLayout _layout = new([("parameters", [Parameters], false)]);
    private float[][] _updates = [];
    private IAggregation _mean = null!, _robust = null!;
    private AggregatorState _meanState = null!, _robustState = null!;

    [GlobalSetup]
    public void Setup()
    {
        // Norms of about 0.5 to 5 around the first bound of 1, so that nine of ten are clipped: the most that clipping costs.
        _updates = [.. Enumerable.Range(1, Clients).Select(client => Floats.Create(Parameters, client, -0.01f * client, 0.01f * client))];
        var mean = new WeightedMean();
        var robust = RobustAggregator.Create();
        (_mean, _meanState) = (mean.CreateAggregation(_layout), mean.Initialize(_layout));
        (_robust, _robustState) = (robust.CreateAggregation(_layout), robust.Initialize(_layout));
    }

    [Benchmark(Baseline = true, Description = "weighted mean")]
    public bool Mean() => Run(_mean, _meanState);

    [Benchmark(Description = "zeroing, clipping, weighted mean")]
    public bool Robust() => Run(_robust, _robustState);

    private bool Run(IAggregation aggregation, AggregatorState state)
    {
        aggregation.Begin(state);
        for (int client = 0; client < _updates.Length; client++) aggregation.Add("client", _updates[client], 90 + client);
        return aggregation.Complete(_aggregate).Problem is null;
    }
}
