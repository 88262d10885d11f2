using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Learning.Aggregators;

/// <summary>A round with n clients of whom f are hostile: the honest near one another, the hostile anywhere.</summary>
/// <param name="Honest">Their updates, of 3 parameters within [-1, 1].</param>
/// <param name="Hostile">Fewer than half of all.</param>
public sealed record Attack(float[][] Honest, float[][] Hostile)
{
    internal Sent[] Clients { get; } = [.. Hostile.Select((update, i) => new Sent($"x{i}", update)), .. Honest.Select((update, i) => new Sent($"h{i}", update))];

    /// <summary>The least and the largest of the honest at a parameter.</summary>
    public (float Low, float High) Range(int parameter) => (Honest.Min(update => update[parameter]), Honest.Max(update => update[parameter]));

    public override string ToString() => string.Join(" | ", Clients.Select(client => $"{client.ClientId}: {string.Join(' ', client.Update)}"));
}

/// <summary>What FsCheck makes attacks of: the hostile send one vector, or each its own; small, huge, honest-looking or not finite.</summary>
public static class Attacks
{
    public static Arbitrary<Attack> Any() => (
        from hostile in Gen.Choose(0, 3)
        from honest in Gen.Choose(3 * hostile + 3, 3 * hostile + 6)
        from good in Gen.Choose(-1024, 1024).Select(x => x / 1024f).ArrayOf(3).ArrayOf(honest)
        from bad in Gen.OneOf(
            Gen.Choose(-1024, 1024).Select(x => x / 1024f),
            Gen.Choose(-40, 126).Select(e => MathF.ScaleB(-1f, e)),
            Gen.Elements(1e30f, -3e38f, 100f, float.NaN, float.NegativeInfinity)).ArrayOf(3).ArrayOf(hostile)
        from colluding in Gen.Elements(true, false)
        select new Attack(good, colluding ? [.. bad.Select(_ => bad[0])] : bad)).ToArbitrary();
}

[Properties(Arbitrary = [typeof(Attacks)], MaxTest = 400)]
public class RobustProperties
{
    [Property]
    public bool AnyOrderAndGroupingGivesTheSameBits(Attack attack, int seed)
    {
        var clients = attack.Clients.Select((client, i) => client with { Weight = i % 4 }).ToArray();
        var shuffled = clients.ToArray();
        var random = new System.Random(seed);
        random.Shuffle(shuffled);
        int cut = random.Next(clients.Length + 1);
        return Rules(attack.Hostile.Length).All(rule =>
        {
            var state = rule.Initialize(Round.Layout(3));
            return Round.Run(rule, state, clients).Bits == Round.Run(rule, state, shuffled[..cut], shuffled[cut..]).Bits;
        });
    }

    [Property]
    public bool OneClientSendingTwiceDoesNotBringTheOrderBack(Attack attack, int seed)
    {
        var clients = attack.Clients.Select((client, i) => client with { ClientId = $"{i / 3}", Weight = 1 + i % 2 }).ToArray();
        var shuffled = clients.ToArray();
        new System.Random(seed).Shuffle(shuffled);
        return Rules(attack.Hostile.Length).All(rule => Round.Run(rule, clients).Bits == Round.Run(rule, shuffled).Bits);
    }

    [Property]
    public bool TheMedianAndTheTrimmedMeanStayAmongTheHonest(Attack attack)
    {
        // f of n ≥ 4f + 3 are hostile; ⌊0.25·n⌋ ≥ f are cut at each end. Each result is between two honest values, and rounding to float32 does not pass them.
        return new IAggregator[] { new CoordinateMedian(), new TrimmedMean(0.25), new CoordinateMedian(weighted: true) }.All(rule =>
        {
            var outcome = Round.Run(rule, attack.Clients);
            return outcome.Result.Problem is null && Enumerable.Range(0, 3).All(i => outcome.Aggregate[i] >= attack.Range(i).Low && outcome.Aggregate[i] <= attack.Range(i).High);
        });
    }

    [Property]
    public bool TheMedianHoldsAgainstAllButHalf(Attack attack)
    {
        // As many more hostile ones as leave the honest a majority of one.
        float[] worst = [3e38f, -3e38f, 1e10f];
        Sent[] all = [.. attack.Honest.Select((update, i) => new Sent($"h{i}", update)), .. Enumerable.Range(0, attack.Honest.Length - 1).Select(i => new Sent($"x{i}", worst))];
        var median = Round.Run(new CoordinateMedian(), all).Aggregate;
        return Enumerable.Range(0, 3).All(i => median[i] >= attack.Range(i).Low && median[i] <= attack.Range(i).High);
    }

    [Property]
    public bool KrumAndBulyanStayNearTheHonest(Attack attack)
    {
        // An honest client has n - f - 1 ≥ n - f - 2 other honest ones, none further than d, the honest diameter: its score is at most (n - f - 2)·d². The selected
        // one's is no larger, and among its n - f - 2 > f nearest is an honest one, so it is within √(n - f - 2)·d of an honest one. Bulyan: of θ selected more than half are
        // honest, so their median is in the honest range; the θ - 2f closest to it are no further from it than as many honest ones, the width of that range.
        int n = attack.Clients.Length, f = attack.Hostile.Length;
        double diameter = attack.Honest.Max(x => attack.Honest.Max(y => Distance(x, y)));
        double bound = Math.Sqrt(n - f - 2) * diameter * 1.000001;
        if (attack.Hostile.Any(update => update.Any(x => !float.IsFinite(x)))) return true;
        float[] krum = Round.Run(new Krum(f), attack.Clients).Aggregate, bulyan = Round.Run(new Bulyan(f), attack.Clients).Aggregate;
        return attack.Honest.Min(x => Distance(x, krum)) <= bound
            && Enumerable.Range(0, 3).All(i => Math.Abs(bulyan[i] - Middle(attack, i)) <= 1.5 * (attack.Range(i).High - attack.Range(i).Low) + 1e-6);
    }

    [Property]
    public bool TheGeometricMedianStaysWithinItsBound(Attack attack)
    {
        // Let c be the honest mean, r the largest honest distance from it and α = f/n < ½ the hostile share. At the optimum v the sum of distances is no larger than
        // at c: Σ_honest ‖v - x‖ - ‖c - x‖ ≤ Σ_hostile ‖c - x‖ - ‖v - x‖ ≤ f·‖v - c‖. The left is at least (n - f)·(‖v - c‖ - 2r), so ‖v - c‖ ≤ 2r·(n - f)/(n - 2f).
        // Smoothing and the tolerance add less than 1e-5. In double up to hostile updates of 1e12; beyond it the honest ones' digits are lost in the mean it starts from,
        // but not in any later iterate.
        if (attack.Hostile.Any(update => update.Any(x => !(Math.Abs(x) <= 1e12)))) return true;
        int n = attack.Clients.Length, f = attack.Hostile.Length;
        float[] center = [.. Enumerable.Range(0, 3).Select(i => attack.Honest.Average(x => x[i]))];
        double radius = attack.Honest.Max(x => Distance(x, center));
        return Distance(Round.Run(new GeometricMedian(), attack.Clients).Aggregate, center) <= 2 * radius * (n - f) / (n - 2 * f) + 1e-5;
    }

    [Property]
    public bool WhatIsNotFiniteIsAsIfNotSent(Attack attack)
    {
        Sent[] finite = [.. attack.Clients.Where(client => client.Update.All(float.IsFinite))];
        return Rules(0).SkipLast(1).All(rule => Round.Run(rule, attack.Clients).Aggregate.SequenceEqual(Round.Run(rule, finite).Aggregate)
            && Round.Run(rule, attack.Clients).Result.Measurements["left_out_count"] == attack.Clients.Length - finite.Length);
    }

    [Property]
    public bool EqualUpdatesAreTheirOwnAggregate(Attack attack)
    {
        float[] update = attack.Honest[0];
        Sent[] equal = [.. attack.Clients.Select(client => client with { Update = update })];
        return Rules(attack.Hostile.Length).SkipLast(1).All(rule => Round.Run(rule, equal).Aggregate.Zip(update).All(pair => Math.Abs(pair.First - pair.Second) <= MathF.ScaleB(1, -24)));
    }

    [Property]
    public bool ABoundedNormBoundsWhatHostileClientsDo(Attack attack)
    {
        // Each of n clients moves the mean by at most norm/n, so f of them by f·norm/n; float32 clips to within 12·2^-24.
        if (attack.Hostile.Any(update => update.Any(x => !float.IsFinite(x)))) return true;
        const float Norm = 0.5f;
        var rule = NormBoundedMean.Create(Norm);
        Sent[] absent = [.. attack.Clients.Select(client => client.ClientId[0] == 'x' ? client with { Update = new float[3] } : client)];
        double moved = Distance(Round.Run(rule, attack.Clients).Aggregate, Round.Run(rule, absent).Aggregate);
        return moved <= Norm * attack.Hostile.Length / attack.Clients.Length + 1e-6;
    }

    private static IAggregator[] Rules(int hostile) =>
    [
        new CoordinateMedian(), new CoordinateMedian(weighted: true), new TrimmedMean(0.2), new TrimmedMean(0.2, weighted: true), new Krum(hostile), new Krum(hostile, 3, weighted: true),
        new Bulyan(hostile), new GeometricMedian(), new GeometricMedian(weighted: true), new MajorityVote(),
    ];

    private static float Middle(Attack attack, int parameter) => (attack.Range(parameter).Low + attack.Range(parameter).High) / 2;

    private static double Distance(float[] x, float[] y) => Math.Sqrt(x.Zip(y).Sum(pair => ((double)pair.First - pair.Second) * ((double)pair.First - pair.Second)));
}
