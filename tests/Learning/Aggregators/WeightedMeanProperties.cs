using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Learning.Aggregators;

/// <summary>Clients' values and weights of a cohort; each value has one coordinate, since coordinates are independent.</summary>
public sealed record Cohort((float Value, int Weight)[] Clients)
{
    public override string ToString() => string.Join("; ", Clients.Select(client => $"{client.Weight}·{client.Value:R}"));
}

/// <summary>
/// Values from {0} ∪ ±[2^-36, 2^8] and integer weights from 1 to 2^12: there the sums are exact, since a value has 24 bits down to 2^-59 and its product with a
/// weight is a multiple of 2^-60 below 2^20.
/// </summary>
public static class ExactCohorts
{
    public static Arbitrary<Cohort> Cohorts()
    {
        var value = Gen.OneOf(
            Gen.Constant(0f),
            from exponent in Gen.Choose(-36, 7)
            from mantissa in Gen.Choose(0, (1 << 23) - 1)
            from negative in Gen.Elements(false, true)
            select MathF.ScaleB(1f + mantissa / 8388608f, exponent) * (negative ? -1f : 1f));
        var client = from v in value from w in Gen.Choose(1, 1 << 12) select (v, w);
        var cohort = from clients in Gen.NonEmptyListOf(client) select new Cohort([.. clients]);
        return Arb.From(cohort, Shrink);
    }

    private static IEnumerable<Cohort> Shrink(Cohort cohort)
    {
        for (int i = 0; i < cohort.Clients.Length && cohort.Clients.Length > 1; i++)
            yield return new Cohort([.. cohort.Clients.Where((_, j) => j != i)]);
        for (int i = 0; i < cohort.Clients.Length; i++)
        {
            var (value, weight) = cohort.Clients[i];
            if (weight > 1) yield return new Cohort([.. cohort.Clients.Select((client, j) => j == i ? (value, weight / 2) : client)]);
            if (value is not (0f or 1f)) yield return new Cohort([.. cohort.Clients.Select((client, j) => j == i ? (1f, weight) : client)]);
        }
    }
}

[Properties(Arbitrary = [typeof(ExactCohorts)], MaxTest = 300)]
public class WeightedMeanProperties
{
    [Property]
    public bool AnyFiniteInputGivesTheSameBitsInAnyOrderAndGrouping((float Value, int Weight)[] clients, int seed)
    {
        var usable = clients.Where(client => float.IsFinite(client.Value)).Select(client => (client.Value, (double)Math.Abs((long)client.Weight))).ToArray();
        var shuffled = usable.ToArray();
        var random = new System.Random(seed);
        random.Shuffle(shuffled);
        int first = random.Next(usable.Length + 1), second = random.Next(first, usable.Length + 1);
        (float, double)[][] thirds = [shuffled[..first], shuffled[first..second], shuffled[second..]];
        return Same(Mean(usable), Mean(shuffled)) && Same(Mean(usable), Mean(thirds)) && Same(Mean(usable), Mean([.. thirds.Reverse()]));
    }

    [Property]
    public bool TheMeanOfIdenticalUpdatesIsThatUpdate(Cohort cohort)
    {
        float value = cohort.Clients[0].Value;
        return Same(Mean([.. cohort.Clients.Select(client => (value, (double)client.Weight))]), value == 0 ? 0f : value);
    }

    [Property]
    public bool TheMeanLiesBetweenTheSmallestAndTheLargestUpdate(Cohort cohort)
    {
        float mean = Mean(Weighted(cohort))!.Value;
        return mean >= cohort.Clients.Min(client => client.Value) && mean <= cohort.Clients.Max(client => client.Value);
    }

    [Property]
    public Property ScalingAllWeightsByAPowerOfTwoChangesNothing(Cohort cohort) =>
        Prop.ForAll(Gen.Choose(0, 8).ToArbitrary(), s => Same(Mean(Weighted(cohort)), Mean(Weighted(cohort, Math.ScaleB(1, s)))));

    [Property]
    public bool AZeroWeightClientChangesNothing(Cohort cohort, float value, int place)
    {
        var clients = Weighted(cohort).ToList();
        clients.Insert((int)((uint)place % (clients.Count + 1)), (value, 0));
        return Same(Mean(Weighted(cohort)), Mean([.. clients]));
    }

    [Property]
    public bool TheMeanIsTheExactOneRoundedOnce(Cohort cohort)
    {
        // In units of 2^-60 every value and weight of these cohorts is an integer; the quotient is rounded to 24 bits by comparing with both float32
        // neighbours.
        BigInteger numerator = 0, denominator = 0;
        foreach (var (value, weight) in cohort.Clients)
        {
            numerator += (BigInteger)Math.ScaleB((double)value, 60) * weight;
            denominator += weight;
        }

        float mean = Mean(Weighted(cohort))!.Value;
        var distance = Distance(mean);
        return distance <= Distance(MathF.BitIncrement(mean)) && distance <= Distance(MathF.BitDecrement(mean));

        // |candidate - exact|·denominator, with 2^200 for the fraction bits of a tiny candidate.
        BigInteger Distance(float candidate)
        {
            var scaled = (BigInteger)Math.ScaleB((double)candidate, 60 + 140) * denominator;
            return BigInteger.Abs(scaled - (numerator << 140));
        }
    }

    [Property]
    public bool TheStatedErrorBoundHoldsForAnyWeights(PositiveInt[] weights, NormalFloat[] values)
    {
        // Fractional weights: each product is rounded once to 2^-60, so K clients of total weight W err by K·2^-61/W; the weights' sum likewise; then one
        // rounding to float32, 2^-24 relative.
        var clients = weights.Zip(values, (w, v) => (Value: (float)Math.Tanh(v.Get), Weight: 1.0 / w.Get)).ToArray();
        if (clients.Length == 0) return true;
        double total = clients.Sum(client => client.Weight), exact = clients.Sum(client => client.Weight * client.Value) / total;
        double bound = clients.Length * (1 + Math.Abs(exact)) * Math
            .ScaleB(1, -61) / total + Math
            .Abs(exact) * Math
            .ScaleB(1, -24) + clients.Length * Math
            .ScaleB(1, -52);
        return Math.Abs(Mean(clients)!.Value - exact) <= bound;
    }

    private static (float Value, double Weight)[] Weighted(Cohort cohort, double scale = 1) =>
        [.. cohort.Clients.Select(client => (client.Value, client.Weight * scale))];

    private static float? Mean(params (float Value, double Weight)[][] workers)
    {
        var rule = new WeightedMean();
        var total = Scalars.Begin(rule);
        foreach (var clients in workers)
        {
            var worker = Scalars.Begin(rule);
            foreach (var (value, weight) in clients) worker.Add("client", [value], weight);
            total.Merge(worker);
        }

        var mean = new float[1];
        return total.Complete(mean).Problem is null ? mean[0] : null;
    }

    private static bool Same(float? x, float? y) =>
        x.HasValue == y.HasValue && BitConverter.SingleToInt32Bits(x.GetValueOrDefault()) == BitConverter.SingleToInt32Bits(y.GetValueOrDefault());
}
