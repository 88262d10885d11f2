using FedPure.Learning.Models;

namespace FedPure.Learning.Aggregators;

/// <summary>A client's part of a round.</summary>
internal sealed record Sent(string ClientId, float[] Update, double Weight = 1, int Sending = 0);

/// <summary>What came of a round.</summary>
internal sealed record Outcome(float[] Aggregate, AggregationResult Result)
{
    /// <summary>The bits of the aggregate, or why there is none, and the measurements.</summary>
    public string Bits => $"{Result.Problem ?? string.Join(' ', Aggregate.Select(BitConverter.SingleToInt32Bits))} {Result.Measurements}";
}

/// <summary>Runs rounds of a rule over vectors of a length.</summary>
internal static class Round
{
    public static ParameterLayout Layout(int length) => new([("update", [length], false)]);

    public static Outcome Run(IAggregator rule, params Sent[] clients) => Run(rule, rule.Initialize(Layout(clients[0].Update.Length)), clients);

    /// <summary>One round from a state; each worker's clients are added to an aggregation of its own, which the first then takes in.</summary>
    public static Outcome Run(IAggregator rule, AggregatorState state, params Sent[][] workers)
    {
        int length = workers.SelectMany(clients => clients).First().Update.Length;
        var aggregations = workers.Select(clients =>
        {
            var aggregation = rule.CreateAggregation(Layout(length));
            aggregation.Begin(state);
            foreach (var (id, update, weight, sending) in clients) aggregation.Add(id, update, weight, sending);
            return aggregation;
        }).ToArray();
        foreach (var other in aggregations[1..]) aggregations[0].Merge(other);
        var aggregate = new float[length];
        return new Outcome(aggregate, aggregations[0].Complete(aggregate));
    }
}
