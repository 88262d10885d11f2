using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Xunit;

namespace FedPure.Data.Sampling;

/// <summary>Our own samplers. What they draw is a promise: each expected sample was computed by a second implementation, in Python.</summary>
public class SamplerTests
{
    private static readonly ImmutableArray<string> Twelve = Ids(12);

    private static readonly ImmutableArray<long> Squares = [.. Enumerable.Range(0, 12).Select(i => (long)i * i)];

    private static readonly ImmutableArray<int> Strata = [.. Enumerable.Range(0, 12).Select(i => i < 8 ? i % 5 : 0)];

    [Fact]
    public void ThePoissonSampleOfASeedNeverChanges() =>
        AssertSamples(new PoissonSampler(Twelve, 0.3, 5), (1, [0, 2, 6, 10]), (2, [8, 9]), (-1, [0, 1, 2, 4, 8]));

    [Fact]
    public void TheWeightedSampleOfASeedNeverChanges()
    {
        AssertSamples(new WeightedSampler(Twelve, Squares, 5, 5), (1, [9, 6, 10, 7, 11]), (2, [2, 8, 9, 11, 10]));
        AssertSamples(new WeightedSampler(Twelve, Squares, 5, 5, replace: true), (1, [9, 6, 8, 8, 6]), (2, [2, 6, 8, 11, 5]));
    }

    [Fact]
    public void TheCyclicSampleOfASeedNeverChanges() =>
        AssertSamples(new CyclicSampler(Twelve, 5, 5), (1, [6, 3, 7, 11, 8]), (2, [9, 4, 2, 1, 10]), (3, [0, 5, 6, 3, 7]), (0, [2, 1, 10, 0, 5]));

    [Fact]
    public void TheSampleWithAGapOfASeedNeverChanges() =>
        AssertSamples(new MinimumGapSampler(Twelve, 2, 5, 5), (1, [3, 5]), (2, [0, 8]), (3, [10, 2]), (-4, [5, 1]));

    [Fact]
    public void TheStratifiedSampleOfASeedNeverChanges() =>
        AssertSamples(new StratifiedSampler(Twelve, Strata, 6, 5), (1, [0, 10, 5, 1, 7, 3]), (2, [11, 9, 8, 1, 2, 3]));

    [Fact]
    public void TheAvailableSampleOfASeedNeverChanges() =>
        AssertSamples(new AvailableSampler(Twelve, 3, new DiurnalAvailability(24, 0.1, 0.6, 5), 5), (1, [8, 3, 5]), (2, [11, 5, 3]), (3, [6, 8, 11]));

    [Property(MaxTest = 200)]
    public bool CohortsHaveTheirSizeAndNobodyTwice(PositiveInt clients, NonNegativeInt size, long seed, int round)
    {
        int n = clients.Get % 60 + 1, k = size.Get % (n + 1);
        var ids = Ids(n);
        IClientSampler[] samplers =
        [
            new UniformSampler(ids, k, (uint)seed), new WeightedSampler(
                ids, [.. Enumerable.Range(1, n).Select(i => (long)i * i * i)], k, seed), new CyclicSampler(ids, k, seed),
            new MinimumGapSampler(ids, k, k == 0 ? 3 : n / k, seed), new StratifiedSampler(ids, [.. Enumerable.Range(0, n).Select(i => i * i % 7)], k, seed),
            new AvailableSampler(ids, k, new AvailabilityTrace(1, [.. Enumerable.Repeat<ImmutableArray<(int, int)>>([(0, 1)], n)]), seed),
        ];
        return samplers.All(
            sampler => sampler.Sample(round) is var cohort && cohort.Length == k && cohort.Distinct().Count() == k && cohort.All(id => ids.Contains(id))
            && cohort.SequenceEqual(sampler.Sample(round)));
    }

    [Fact]
    public void PoissonInclusionIsIndependentWithItsRate()
    {
        // 2,000 rounds of 50 clients at 0.2: 100,000 draws, deviation of the count √(100000·0.2·0.8) = 126; a client's count has deviation √(2000·0.16) = 17.9,
        // and the round sizes' variance is 50·0.16 = 8 with deviation 8·√(2/2000) = 0.25. Five deviations each.
        var sampler = new PoissonSampler(Ids(50), 0.2, 1);
        var samples = Enumerable.Range(1, 2000).Select(sampler.Sample).ToList();
        Assert.InRange(samples.Sum(sample => sample.Length), 20_000 - 630, 20_000 + 630);
        Assert.All(samples.SelectMany(sample => sample).CountBy(id => id), count => Assert.InRange(count.Value, 400 - 90, 400 + 90));
        Assert.InRange(samples.Average(sample => Math.Pow(sample.Length - 10, 2)), 8 - 1.3, 8 + 1.3);
    }

    [Fact]
    public void PoissonRates0And1AreNobodyAndEverybody()
    {
        Assert.Empty(new PoissonSampler(Twelve, 0, 1).Sample(1));
        Assert.Equal<string>(Twelve, new PoissonSampler(Twelve, 1, 1).Sample(1));
    }

    [Fact]
    public void WeightedDrawsAreInProportion()
    {
        // 20,000 draws with weights 1, 2, 3, 4: counts have deviations up to √(20000·0.24) = 69; five of them.
        var sampler = new WeightedSampler(Ids(5), [1, 2, 3, 4, 0], 1, 3);
        var counts = Enumerable.Range(1, 20_000).CountBy(round => sampler.Sample(round)[0]).ToDictionary();
        for (int i = 0; i < 4; i++) Assert.InRange(counts[$"c{i}"], 2000 * (i + 1) - 346, 2000 * (i + 1) + 346);
        Assert.False(counts.ContainsKey("c4"));
    }

    [Fact]
    public void WithoutReplacementEveryClientThatWeighsIsDrawnOnce() =>
        Assert.Equal(Twelve[1..], new WeightedSampler(Twelve, Squares, 11, 3).Sample(4).OrderBy(id => Array.IndexOf([.. Twelve], id)));

    [Fact]
    public void OverACycleEveryClientTakesPartEquallyOften()
    {
        var sampler = new CyclicSampler(Twelve, 5, 2);
        var counts = Enumerable.Range(1, 12).SelectMany(round => sampler.Sample(round)).CountBy(id => id).ToList();
        Assert.Equal(12, counts.Count);
        Assert.All(counts, count => Assert.Equal(5, count.Value));
    }

    [Fact]
    public void BetweenTwoTurnsOfAClientThereIsTheGap()
    {
        var sampler = new MinimumGapSampler(Ids(40), 4, 7, 3);
        var last = new Dictionary<string, int>();
        for (int round = 1; round <= 300; round++)
        {
            var sample = sampler.Sample(round);
            Assert.Equal(4, sample.Distinct().Count());
            foreach (string id in sample)
            {
                if (last.TryGetValue(id, out int before)) Assert.True(round - before >= 7, $"{id} in rounds {before} and {round}");
                last[id] = round;
            }
        }

        Assert.Equal(40, last.Count);
    }

    [Fact]
    public void StrataHaveTheirShare()
    {
        // 6 of 12 clients: strata 0 to 4 have 6, 2, 2, 1 and 1 clients, quotas 3, 1, 1, 0.5 and 0.5; the one left goes to the first of the equal remainders.
        var sample = new StratifiedSampler(Twelve, Strata, 6, 9).Sample(3);
        Assert.Equal([(0, 3), (1, 1), (2, 1), (3, 1)], sample.CountBy(id => Strata[Twelve.IndexOf(id)]).Select(count => (count.Key, count.Value)));
        Assert.Equal(6, sample.Distinct().Count());
    }

    [Fact]
    public void ClientsAreAwakeByTheirOwnNight()
    {
        // With least 0 and most 1 the probability is the square of a cosine, whose mean is 1/2: 24 rounds of 500 clients, deviation √(12000/8) = 39, five of
        // them.
        var diurnal = new DiurnalAvailability(24, 0, 1, 4);
        int available = Enumerable.Range(0, 500).Sum(client => Enumerable.Range(0, 24).Count(round => diurnal.IsAvailable(client, round)));
        Assert.InRange(available, 6000 - 195, 6000 + 195);

        // Twelve hours from a client's best hour it sleeps: a client available in round r in 9 of 10 days is in at most 2 of 10 twelve rounds later.
        var days = Enumerable.Range(0, 500).Select(client => (Now: Days(client, 0), Later: Days(client, 12))).Where(days => days.Now >= 9).ToList();
        Assert.InRange(days.Count, 50, 250);
        Assert.InRange(days.Average(day => day.Later), 0, 2);
        int Days(int client, int hour) => Enumerable.Range(0, 10).Count(day => diurnal.IsAvailable(client, 24 * day + hour));
    }

    [Fact]
    public void ATraceSaysWhoIsThere()
    {
        var trace = new AvailabilityTrace(4, [[(0, 2)], [], [(1, 2), (3, 4)]]);
        Assert.Equal(
            ["0", "02", "", "2", "0"],
            Enumerable.Range(4, 5).Select(round => string.Concat(Enumerable.Range(0, 3).Where(client => trace.IsAvailable(client, round)))));
        Assert.Equal(["a", "c"], new AvailableSampler(["a", "b", "c"], 3, trace, 0).Sample(1).Order());
        Assert.Empty(new AvailableSampler(["a", "b", "c"], 3, trace, 0).Sample(2));
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonSampler(Twelve, 1.01, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonSampler(Twelve, double.NaN, 0));
        Assert.Throws<ArgumentException>(() => new CyclicSampler(Twelve, 13, 0));
        Assert.Contains(
            "need 14 clients, but there are 12", Assert.Throws<ArgumentException>(() => new MinimumGapSampler(Twelve, 2, 7, 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new WeightedSampler(Twelve, Squares, 12, 0));
        Assert.Throws<ArgumentException>(() => new WeightedSampler(Twelve, [1, 2], 1, 0));
        Assert.Throws<OverflowException>(() => new WeightedSampler(["a", "b"], [long.MaxValue, 1], 1, 0));
        Assert.Throws<ArgumentException>(() => new StratifiedSampler(Twelve, [1], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiurnalAvailability(24, 0.5, 0.4, 0));
        Assert.Throws<ArgumentException>(() => new AvailabilityTrace(4, [[(3, 5)]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ListedCohorts.ByRound([["a"]]).Sample(2));
    }

    private static ImmutableArray<string> Ids(int count) => [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}"))];

    private static void AssertSamples(IClientSampler sampler, params (int Round, int[] Clients)[] expected)
    {
        // Backwards and twice: a sample depends on its round alone.
        foreach (var (round, clients) in expected.Reverse().Concat(expected)) Assert.Equal(clients.Select(i => $"c{i}"), sampler.Sample(round));
    }
}
