using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Learning.Aggregators;

/// <summary>A round with n clients of whom f are hostile: the honest near one another, the hostile anywhere.</summary>
/// <param name="Honest">Their updates, of 3 parameters within [-1, 1].</param>
/// <param name="Hostile">Fewer than half of all.</param>
public sealed record Attack(float[][] Honest, float[][] Hostile)
{
    internal Sent[] Clients { get; } =
        [.. Hostile.Select((update, i) => new Sent($"x{i}", update)), .. Honest.Select((update, i) => new Sent($"h{i}", update))];

    /// <summary>The least and the largest of the honest at a parameter.</summary>
    public (float Low, float High) Range(int parameter) => (Honest.Min(update => update[parameter]), Honest.Max(update => update[parameter]));

    public override string ToString() => string.Join(" | ", Clients.Select(client => $"{client.ClientId}: {string.Join(' ', client.Update)}"));
}

/// <summary>
/// What FsCheck makes attacks of: the hostile send one vector, or each its own; small, huge, honest-looking, a little outside of the honest, which a rule can
/// least tell from them, or not finite.
/// </summary>
public static class Attacks
{
    /// <summary>Of n ≥ 4f + 3 clients, which is enough for every rule.</summary>
    public static Arbitrary<Attack> Any() => Of(Gen.Choose(0, 3), hostile => 3 * hostile + 3);

    internal static Arbitrary<Attack> Of(Gen<int> number, Func<int, int> leastHonest) => (
        from hostile in number
        from honest in Gen.Choose(leastHonest(hostile), leastHonest(hostile) + 3)
        from spread in Gen.Elements(1f, 1f, 0f, 1 / 1024f)
        from good in Gen.Choose(-1024, 1024).Select(x => spread * x / 1024f).ArrayOf(3).ArrayOf(honest)
        from bad in Gen.OneOf(
            Gen.Choose(-1024, 1024).Select(x => x / 1024f).ArrayOf(3),
            from at in Gen.Choose(0, honest - 1)
            from far in Gen.Choose(-4096, 4096).ArrayOf(3)
            select Enumerable.Range(0, 3).Select(
                i => good[at][i] + spread * far[i] / 1024f).ToArray(),
            Gen.Choose(-40, 126).Select(e => MathF.ScaleB(-1f, e)).ArrayOf(3),
            Gen.Elements(1e30f, -3e38f, 100f, float.NaN, float.NegativeInfinity).ArrayOf(3)).ArrayOf(hostile)
        from colluding in Gen.Elements(true, false)
        select new Attack(good, colluding ? [.. bad.Select(_ => bad[0])] : bad)).ToArbitrary();
}

/// <summary>Such attacks by as many of n ≥ 2f + 3 clients as Krum and the medians can do with.</summary>
public static class CrowdedAttacks
{
    public static Arbitrary<Attack> Any() => Attacks.Of(Gen.Choose(1, 6), hostile => hostile + 3);
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

    [Property(Arbitrary = [typeof(CrowdedAttacks)])]
    public bool TheMedianAndTheTrimmedMeanStayAmongTheHonest(Attack attack, int seed)
    {
        // f of n ≥ 2f + 3 are hostile, and just as many are cut at each end. Each result is between two honest values, whatever those that are left weigh, and
        // rounding to float32 does not pass them.
        var random = new System.Random(seed);
        double beta = (attack.Hostile.Length + 0.5) / attack.Clients.Length;
        return new IAggregator[] { new CoordinateMedian(), new CoordinateMedian(weighted: true), new TrimmedMean(beta), new TrimmedMean(beta, weighted: true) }.All(rule =>
        {
            var outcome = Round.Run(rule, [.. attack.Clients.Select(client => client with { Weight = rule is TrimmedMean ? random.Next(1, 9) : 1 })]);
            return outcome.Result.Problem is null
                && Enumerable.Range(0, 3).All(i => outcome.Aggregate[i] >= attack.Range(i).Low && outcome.Aggregate[i] <= attack.Range(i).High);
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
    public bool TheWeightedMedianHoldsAgainstLessThanHalfOfTheWeight(Attack attack, int seed)
    {
        // The last hostile client weighs as much as leaves the honest 1 more than half of the total, whatever the others weigh.
        var random = new System.Random(seed);
        Sent[] clients = [.. attack.Clients.Select(client => client with { Weight = random.Next(1, 9) })];
        int f = attack.Hostile.Length;
        double honest = clients[f..].Sum(client => client.Weight), others = clients[..Math.Max(0, f - 1)].Sum(client => client.Weight);
        if (f > 0) clients[f - 1] = clients[f - 1] with { Weight = Math.Max(0, honest - 1 - others) };
        if (clients[..f].Sum(client => client.Weight) >= honest) return true;
        float[] median = Round.Run(new CoordinateMedian(weighted: true), clients).Aggregate;
        return Enumerable.Range(0, 3).All(i => median[i] >= attack.Range(i).Low && median[i] <= attack.Range(i).High);
    }

    [Property(Arbitrary = [typeof(CrowdedAttacks)])]
    public bool KrumStaysNearTheHonest(Attack attack)
    {
        // Of n finite updates h are honest, f of all are hostile. An honest one has n - f - 2 ≤ h - 1 others within d, the honest diameter, so its score is at
        // most (n - f - 2)·d², and the selected one's is no larger. Should that be hostile, at most n - h - 1 of its n - f - 2 nearest are, which leaves h - f
        // - 1 ≥ 2 honest ones: the nearest is within d·√((n - f - 2)/(h - f - 1)).
        int n = Finite(attack), h = attack.Honest.Length, f = attack.Hostile.Length;
        var outcome = Round.Run(new Krum(f), attack.Clients);
        if (n < 2 * f + 3) return outcome.Result.Problem is not null;
        return attack.Honest.Min(x => Distance(x, outcome.Aggregate)) <= Diameter(attack) * Math.Sqrt((n - f - 2.0) / (h - f - 1)) * 1.000001;
    }

    [Property]
    public bool BulyanStaysAmongTheHonest(Attack attack)
    {
        // Of θ selected more than half are honest, so their median is in the honest range; the θ - 2f closest to it are no further from it than as many honest
        // ones, the width of that range.
        var outcome = Round.Run(new Bulyan(attack.Hostile.Length), attack.Clients);
        if (Finite(attack) < 4 * attack.Hostile.Length + 3) return outcome.Result.Problem is not null;
        return Enumerable.Range(0, 3).All(
            i => outcome.Aggregate[i] >= attack.Range(i).Low - Width(attack, i) && outcome.Aggregate[i] <= attack.Range(i).High + Width(attack, i));
    }

    [Property(Arbitrary = [typeof(CrowdedAttacks)])]
    public bool TheGeometricMedianStaysWithinItsBound(Attack attack)
    {
        // Let c be the middle of the honest range and r the largest honest distance from it. At the optimum v the unit vectors from the updates to v cancel, or
        // those not at v come to no more than as many as are at v. Where v is D > r from c each honest one has at least √(1 - r²/D²) along v - c, against 1 of
        // each hostile one: (n - f)·√(1 - r²/D²) ≤ f, which is D ≤ r·(n - f)/√(n·(n - 2f)) (Minsker: Geometric median and robust estimation in Banach spaces.
        // Bernoulli 2015, Lemma 2.1). Of the finite ones, that is; smoothing and the tolerance add less than 1e-5.
        double n = Finite(attack), f = n - attack.Honest.Length;
        float[] center = [.. Enumerable.Range(0, 3).Select(i => (attack.Range(i).Low + attack.Range(i).High) / 2)];
        double radius = attack.Honest.Max(x => Distance(x, center));
        return Distance(Round.Run(new GeometricMedian(), attack.Clients).Aggregate, center) <= radius * (n - f) / Math.Sqrt(n * (n - 2 * f)) + 1e-5;
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
        return Rules(attack.Hostile.Length).SkipLast(1).All(
            rule => Round.Run(rule, equal).Aggregate.Zip(update).All(pair => Math.Abs(pair.First - pair.Second) <= MathF.ScaleB(1, -24)));
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
        new CoordinateMedian(), new CoordinateMedian(weighted: true), new TrimmedMean(0.2), new TrimmedMean(0.2, weighted: true), new Krum(hostile),
        new Krum(hostile, 3, weighted: true),
        new Bulyan(hostile), new GeometricMedian(), new GeometricMedian(weighted: true), new MajorityVote(),
    ];

    private static double Width(Attack attack, int parameter) => (attack.Range(parameter).High - (double)attack.Range(parameter).Low) * 1.000001;

    private static double Diameter(Attack attack) => attack.Honest.Max(x => attack.Honest.Max(y => Distance(x, y)));

    private static int Finite(Attack attack) => attack.Clients.Count(client => client.Update.All(float.IsFinite));

    private static double Distance(float[] x, float[] y) =>
        Math.Sqrt(x.Zip(y).Sum(pair => ((double)pair.First - pair.Second) * ((double)pair.First - pair.Second)));
}
