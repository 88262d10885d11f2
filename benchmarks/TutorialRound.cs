using BenchmarkDotNet.Attributes;
using FedPure.Data;
using FedPure.Digits;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;

namespace FedPure.Benchmarks;

/// <summary>
/// A round of the tutorial: 10 clients, 972 examples, 5 epochs, batches of 20: 247 steps of stochastic gradient descent, and the aggregation. Many short
/// measurements and their median: a round on both cores of a machine of two waits whenever another process has one of them, which moves the mean of a long
/// measurement. The warm-up of 3 s is past the JIT's counting of branches, which two threads do on the same lines of the cache.
/// </summary>
[WarmupCount(300), IterationTime(10), IterationCount(200), MedianColumn]
public class TutorialRound
{
    private const int Rows = 4860;

    private ClientDataset[] _clients = [];
    private ILearningProcess _process = null!;
    private ServerState _state = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [ParamsSource(nameof(Models))]
    public TrainedModel Model { get; set; } = null!;

    // 4,860 rows in all, in batches of 20 and a smaller one at the end of each client.
    public static IEnumerable<TrainedModel> Models => [new([], Rows), new([200, 200], Rows)];

    [GlobalSetup]
    public void Setup()
    {
        var digits = DigitsDataset.Load();
        var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);
        _clients = [.. digits.Train.ClientIds.Take(10).Select(id => digits.Train.GetClient(id).Preprocess(pipeline))];
        _process = FederatedAveraging.BuildWeighted(Model.Create(), new Sgd(0.02f), threads: Threads);
        _state = _process.Initialize();
    }

    [Benchmark]
    public RoundResult Round() => _process.Next(_state, _clients);
}
