using FedPure.Learning.Metrics;
using FedPure.Learning.Models;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// For each parameter the sign that most clients' updates have: -1, 0 on a tie, or 1 (Bernstein, Wang, Azizzadenesheli, Anandkumar: signSGD. ICML 2018, with
/// majority vote). A client has one vote a parameter however large its update is, none where that is 0. The server's learning rate is then the step of every
/// parameter, such as 0.01. Votes are counted exactly, so nothing is kept of the clients. An update that is NaN somewhere gives the round a problem.
/// </summary>
/// <param name="weighted">Whether votes count by the clients' weights and not all alike.</param>
public sealed class MajorityVote(bool weighted = false) : IAggregator
{
    private readonly IAggregator _mean = weighted ? new WeightedMean() : new UnweightedMean();

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) => _mean.Initialize(layout);

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new Aggregation(_mean.CreateAggregation(layout), layout.TrainableLength);
    }

    private sealed class Aggregation(IAggregation mean, int length) : IAggregation
    {
        private readonly float[] _votes = new float[length];

        public void Begin(AggregatorState state) => mean.Begin(state);

        public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
        {
            Signs(update, _votes);
            mean.Add(clientId, _votes, weight, sending);
        }

        public void Merge(IAggregation other) => mean.Merge(((Aggregation)other).Mean);

        public AggregationResult Complete(Span<float> aggregate)
        {
            // The mean of votes is 0 for a tie alone: it is the exact quotient, rounded once.
            var result = mean.Complete(aggregate);
            if (result.Problem is null) Signs(aggregate, aggregate);
            return result with { Measurements = new MetricTree(("votes", result.Measurements)) };
        }

        private IAggregation Mean => mean;

        private static void Signs(ReadOnlySpan<float> x, Span<float> signs)
        {
            for (int i = 0; i < x.Length; i++) signs[i] = x[i] > 0 ? 1f : x[i] < 0 ? -1f : x[i] == 0 ? 0f : float.NaN;
        }
    }
}
