using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Aggregators;

/// <summary>Every rule there is, in whole rounds of federated averaging: one hash and one report for any number of threads and order of clients.</summary>
public class DeterminismTests
{
    private static readonly IAggregator Mean = new WeightedMean();

    private static readonly Dictionary<Type, IAggregator> Rules = new()
    {
        [typeof(WeightedMean)] = Mean,
        [typeof(UnweightedMean)] = new UnweightedMean(),
        [typeof(Sum)] = new Sum(),
        [typeof(PopulationMean)] = new PopulationMean(33),
        [typeof(Zeroing)] = new Zeroing(RobustAggregator.DefaultZeroing, Mean, NormOrder.L1),
        [typeof(Clipping)] = new Clipping(NormBound.Fixed(0.05f), Mean),
        [typeof(DebugMeasurements)] = new DebugMeasurements(Mean),
        [typeof(CoordinateMedian)] = new CoordinateMedian(),
        [typeof(TrimmedMean)] = new TrimmedMean(0.2, weighted: true),
        [typeof(Krum)] = new Krum(1),
        [typeof(Bulyan)] = new Bulyan(0),
        [typeof(GeometricMedian)] = new GeometricMedian(),
        [typeof(MajorityVote)] = new MajorityVote(weighted: true),
        [typeof(Compression)] = new Compression(new TopK(0.2), new GeometricMedian(weighted: true), errorFeedback: true),
    };

    private static readonly Dictionary<Type, Compressor> Compressors = new()
    {
        [typeof(StochasticQuantization)] = new StochasticQuantization(7),
        [typeof(UniformQuantization)] = new UniformQuantization(3, stochastic: true),
        [typeof(SignCompression)] = new SignCompression(),
        [typeof(TopK)] = new TopK(0.1),
        [typeof(RandomK)] = new RandomK(0.3, Unbiased: false),
        [typeof(HadamardRotation)] = new HadamardRotation(new UniformQuantization(2)),
    };

    public static TheoryData<string> Names => [.. Rules.Keys.Concat(Compressors.Keys).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void NeitherThreadsNorOrderShow(string name)
    {
        var rule = Rules.FirstOrDefault(entry => entry.Key.Name == name).Value
            ?? new Compression(Compressors.First(entry => entry.Key.Name == name).Value, Mean, errorFeedback: true);
        ClientDataset[] clients = [.. GoldenProblems.Clients, GoldenProblems.EmptyClient, GoldenProblems.NanClient];
        string expected = Run(rule, clients, 1);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            for (int turn = 0; turn < 3; turn++) Assert.Equal(expected, Run(rule, [.. clients[turn..].Reverse(), .. clients[..turn]], threads));
        }
    }

    [Fact]
    public void NoRuleIsLeftOut()
    {
        static string[] Made<T>() =>
            [.. typeof(T).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(T)) && !type.IsAbstract).Select(type => type.Name).Order()];

        Assert.Equal(Made<IAggregator>(), Rules.Keys.Select(type => type.Name).Order());
        Assert.Equal(Made<Compressor>(), Compressors.Keys.Select(type => type.Name).Order());
    }

    private static string Run(IAggregator rule, ClientDataset[] clients, int threads)
    {
        var process = FederatedAveraging.BuildWeighted(GoldenProblems.Mlp, new Sgd(0.1f), new Sgd(0.1f), aggregator: rule, threads: threads);
        var state = process.SetModelWeights(process.Initialize(), GoldenProblems.MlpInitialWeights);
        string log = "";
        for (int round = 0; round < 3; round++)
        {
            var result = process.Next(state, SpreadOut.Over(threads, clients));
            Assert.Null(result.Problem);
            (state, log) = (result.State, $"{log}{result.Metrics} {result.State.GlobalModelWeights.Sha256()} ");
        }

        return log;
    }
}
