using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Aggregators;

/// <summary>What robust rules are for: ten clients of the digits, three of which send five times the opposite of their update.</summary>
public class SurvivalTests
{
    private static readonly ClientDataset[] Clients = Tutorial.TrainClients(10);

    [Fact]
    public void TheMeanFails()
    {
        // 7 - 3·5 = -8: the mean points away from where the honest ones want to go.
        Assert.InRange(Accuracy(new WeightedMean()), 0, 0.2);
        Assert.InRange(Accuracy(new WeightedMean(), hostile: 0), 0.8, 1);
    }

    // Krum goes by one client a round, and a vote by steps of 0.01: they learn more slowly.
    [Theory]
    [InlineData("median", 0.7)]
    [InlineData("trimmed", 0.7)]
    [InlineData("geomedian", 0.7)]
    [InlineData("multikrum", 0.75)]
    [InlineData("krum", 0.45)]
    [InlineData("vote", 0.45)]
    public void RobustRulesSurvive(string name, double least) => Assert.InRange(Accuracy(name switch
    {
        "median" => new CoordinateMedian(),
        "trimmed" => new TrimmedMean(0.3),
        "krum" => new Krum(3),
        "multikrum" => new Krum(3, 5),
        "geomedian" => new GeometricMedian(),
        _ => new MajorityVote(),
    }, serverRate: name == "vote" ? 0.01f : 1f), least, 1);

    // Accuracy on the training examples of the honest after thirty rounds.
    private static double Accuracy(IAggregator rule, int hostile = 3, float serverRate = 1f)
    {
        var bad = Clients.Take(hostile).Select(client => client.ClientId).ToHashSet();
        var process = FederatedAveraging.BuildWeighted(Tutorial.Softmax, new Sgd(0.02f), new Sgd(serverRate), aggregator: new Flipping(bad, rule), threads: 2);
        var state = process.Initialize();
        for (int round = 0; round < 30; round++) state = process.Next(state, Clients).State;
        var evaluation = FederatedEvaluation.Build(Tutorial.Softmax);
        var (_, metrics) = evaluation.Next(evaluation.SetModelWeights(evaluation.Initialize(), state.GlobalModelWeights), Clients[hostile..]);
        return metrics["client_work/eval/current_round_metrics/sparse_categorical_accuracy"];
    }

    /// <summary>The attack, as a rule that stands before the one attacked.</summary>
    private sealed class Flipping(HashSet<string> hostile, IAggregator inner) : IAggregator
    {
        public AggregatorState Initialize(ParameterLayout layout) => inner.Initialize(layout);

        public IAggregation CreateAggregation(ParameterLayout layout) => new Aggregation(hostile, inner.CreateAggregation(layout));

        private sealed class Aggregation(HashSet<string> hostile, IAggregation inner) : IAggregation
        {
            public void Begin(AggregatorState state) => inner.Begin(state);

            public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
            {
                float[] sent = update.ToArray();
                if (hostile.Contains(clientId)) Tensors.Vectors.Scale(-5f, sent);
                inner.Add(clientId, sent, weight, sending);
            }

            public void Merge(IAggregation other) => inner.Merge(((Aggregation)other).Inner);

            public AggregationResult Complete(Span<float> aggregate) => inner.Complete(aggregate);

            private IAggregation Inner => inner;
        }
    }
}
