using System.Globalization;
using FedPure.Data;
using FedPure.Data.Sampling;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Optimizers;
using FedPure.Learning.Processes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Learning.Asynchrony;

/// <summary>Clients of a few examples each under some clock.</summary>
public sealed record Scenario(int[] Examples, int Concurrency, int BufferSize, int Updates, int Speed, double Dropout, bool Diurnal, bool Synchronous, int Seed)
{
    internal ClientDataset[] Clients { get; } = [.. Examples.Select((count, i) => new ClientDataset($"c{i}", new ExampleTable(new float[6 * count], new int[count], [6]), new RowSet(0, count)) { Pipeline = InputPipeline.Examples.Batch(4) })];

    internal VirtualClock Clock => new()
    {
        Speed = Speed switch { 0 => new EqualSpeed(1), 1 => new LogNormalSpeed(1), 2 => new ExponentialSpeed(1), 3 => new HalfNormalSpeed(1), _ => new EqualSpeed(0) },
        Concurrency = Concurrency,
        DropoutProbability = Dropout,
        Availability = Diurnal
            ? new ClientAvailability([.. Clients.Select(client => client.ClientId)], new DiurnalAvailability(24, 0.05, 0.5, Seed), 0.1) : null,
        IsSynchronous = Synchronous,
    };

    internal ServerState Start() => FedBuff.Build(GoldenProblems.Softmax, new Sgd(0.1f), seed: Seed).Initialize();

    /// <summary>What happens in rounds of so many updates, one after the other.</summary>
    internal IEnumerable<RoundPlan> Plans(int rounds, int updates, Func<ClientDataset[], ClientDataset[]>? order = null)
    {
        var state = Start();
        for (int round = 0; round < rounds; round++)
        {
            var plan = Timeline.Plan(Clock, state, order is null ? Clients : order([.. Clients]), BufferSize, updates);
            state = state with { ClientWork = plan.State, Round = round + 1 };
            yield return plan;
        }
    }
}

public static class Scenarios
{
    public static Arbitrary<Scenario> Any() => (
        from clients in Gen.Choose(1, 12)
        from examples in Gen.Choose(0, 9).ArrayOf(clients)
        from concurrency in Gen.Choose(1, 8)
        from buffer in Gen.Choose(1, 6)
        from updates in Gen.Choose(1, 5)
        from speed in Gen.Choose(0, 4)
        from dropout in Gen.Elements(0, 0, 0.1, 0.7)
        from diurnal in Gen.Elements(false, false, true)
        from synchronous in Gen.Elements(false, false, true)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Scenario(examples, concurrency, buffer, updates, speed, dropout, diurnal, synchronous, seed)).ToArbitrary();
}

/// <summary>The rules of the virtual clock, seen in what comes of it.</summary>
[Properties(Arbitrary = [typeof(Scenarios)], MaxTest = 300)]
public class TimelineProperties
{
    private const int Rounds = 4;

    /// <summary>Time goes forward; results come in the order of their arrival and, at one moment, of their start; staleness counts the updates since.</summary>
    [Property]
    public void ResultsComeInOrder(Scenario scenario)
    {
        double time = 0;
        int version = 0;
        (double, long) last = default;
        foreach (var plan in scenario.Plans(Rounds, scenario.Updates))
        {
            Assert.Null(plan.Standstill);
            Assert.Equal(scenario.BufferSize * scenario.Updates, plan.Arrivals.Length);
            foreach (var (index, arrival) in plan.Arrivals.Index())
            {
                var running = arrival.Running;
                Assert.True((running.ArrivesAt, running.Start + 1).CompareTo(last) > 0);
                last = (running.ArrivesAt, running.Start + 1);
                Assert.InRange(running.StartedAt, 0, running.ArrivesAt);
                Assert.False(running.DropsOut);
                Assert.Equal(version + index / scenario.BufferSize - running.From.Number, arrival.Staleness);
                Assert.True(arrival.Staleness >= 0);
            }

            version += scenario.Updates;
            Assert.Equal(version, plan.State.Version);
            Assert.True(plan.State.Seconds >= time);
            Assert.Equal(last.Item1, plan.State.Seconds);
            time = plan.State.Seconds;
            Assert.Empty(plan.State.Buffer);
        }
    }

    /// <summary>
    /// No client trains twice at a time, and no more than the concurrency at all; where nothing keeps clients from it, so many train at every moment.
    /// </summary>
    [Property]
    public void PlacesAreFilled(Scenario scenario)
    {
        // What drops out is not told.
        scenario = scenario with { Dropout = 0 };
        var plans = scenario.Plans(Rounds, scenario.Updates).ToArray();
        RunningClient[] all = [.. plans.SelectMany(plan => plan.Arrivals.Select(arrival => arrival.Running)), .. plans[^1].State.Running];
        Assert.Equal(Enumerable.Range(0, all.Length).Select(i => (long)i), all.Select(running => running.Start).Order());
        foreach (var client in all.GroupBy(running => running.Client.ClientId))
            Assert.All(
                client.OrderBy(running => running.Start).Zip(client.OrderBy(running => running.Start).Skip(1)),
                pair => Assert.True(pair.First.ArrivesAt <= pair.Second.StartedAt));

        int most = Math.Min(scenario.Concurrency, scenario.Clients.Length);
        foreach (double moment in all.Select(running => running.StartedAt).Distinct())
        {
            int training = all.Count(running => running.StartedAt <= moment && moment < running.ArrivesAt);
            Assert.InRange(training, 0, most);

            // Those that take no time come and go within the moment.
            bool hindered = scenario.Diurnal || scenario.Synchronous || all.Any(running => running.StartedAt == running.ArrivesAt);
            if (!hindered) Assert.Equal(most, training);
        }
    }

    /// <summary>A server that waits has clients of its newest model alone.</summary>
    [Property]
    public void NothingIsStaleWhereTheServerWaits(Scenario scenario)
    {
        foreach (var plan in (scenario with { Synchronous = true }).Plans(Rounds, scenario.Updates))
        {
            Assert.All(plan.Arrivals, arrival => Assert.Equal(0, arrival.Staleness));
            Assert.Empty(plan.State.Running);
        }
    }

    [Property]
    public void TheOrderOfClientsDoesNotShow(Scenario scenario) =>
        Assert.Equal(Text(scenario.Plans(Rounds, scenario.Updates)), Text(scenario.Plans(Rounds, scenario.Updates, clients =>
        {
            new System.Random(scenario.Seed).Shuffle(clients);
            return clients;
        })));

    /// <summary>Three updates in one round are three rounds of one.</summary>
    [Property]
    public void RoundsAreAMatterOfReporting(Scenario scenario) => Assert.Equal(Text(scenario.Plans(2, 3)), Text(scenario.Plans(6, 1)));

    /// <summary>Ten clients of unlike sizes: an order of their starts repeats once in 10! at most, so that twenty seeds give twenty plans.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheSeedShows(int speed)
    {
        var scenario = new Scenario([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 4, 3, 9, speed, 0, Diurnal: false, Synchronous: false, Seed: 0);
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => Text((scenario with { Seed = seed }).Plans(1, 9))).Distinct().Count());
    }

    /// <summary>At 5 standard deviations of a binomial number a seed fails once in two million; these seeds do not.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void ClientsDropOutAsOftenAsTheyShould(double probability)
    {
        var scenario = new Scenario([1, 2, 3, 4, 5, 6], 3, 100, 50, 1, probability, Diurnal: false, Synchronous: false, Seed: 4);
        var plan = scenario.Plans(1, scenario.Updates).Single();
        int settled = plan.Arrivals.Length + plan.Dropped;
        Assert.Equal(plan.State.Starts, settled + plan.State.Running.Length);
        Assert.InRange(
            plan.Dropped - settled * probability, -5 * Math.Sqrt(settled * probability * (1 - probability)),
            5 * Math.Sqrt(settled * probability * (1 - probability)));
    }

    /// <summary>
    /// Events that a second program in another language found, from the generator up: id, number of the start, version, started at, arrives at. What a seed
    /// comes to does not change between versions.
    /// </summary>
    [Theory]
    [InlineData(1, 0.3, 3, 2, 4, false, 0, "c3 2 0 0.000000 0.355829; c1 3 0 0.355829 0.739852; c2 1 0 0.000000 1.183317; c4 0 0 0.000000 1.221356; c1 5 1 1.183317 1.567340; c4 6 2 1.221356 2.442711; c2 7 2 1.567340 2.750657; c3 8 3 2.442711 2.798540")]
    [InlineData(2, 0.0, 4, 3, 3, false, 0, "c3 2 0 0.000000 1.052431; c3 4 0 1.052431 1.539778; c1 3 0 0.000000 2.591572; c0 6 1 2.591572 3.023085; c3 7 1 3.023085 3.035848; c3 8 1 3.035848 4.508659; c3 9 2 4.508659 4.837433; c3 10 2 4.837433 5.029323; c3 11 2 5.029323 5.129229")]
    [InlineData(3, 0.5, 6, 1, 8, false, 16, "c3 2 0 0.000000 2.487474; c4 0 0 0.000000 4.175689; c0 17 2 4.838346 5.523063; c1 18 2 4.973929 6.023558; c1 24 4 6.534995 7.541130; c1 25 5 7.541130 7.714008; c1 26 6 7.714008 8.510770; c1 28 7 8.894308 9.222925")]
    [InlineData(0, 0.0, 3, 2, 5, true, 0, "c3 0 0 0.000000 1.000000; c1 2 0 0.100000 1.100000; c1 4 1 1.300000 2.300000; c3 5 1 2.300000 3.300000; c4 1 0 0.000000 5.000000; c2 3 1 1.300000 5.300000; c3 7 2 5.000000 6.000000; c1 8 3 5.300000 6.300000; c3 10 4 6.500000 7.500000; c2 9 3 6.000000 10.000000")]
    public void EventsAreThoseOfAnotherProgram(int speed, double dropout, int concurrency, int buffer, int updates, bool diurnal, int dropped, string events)
    {
        var plan = new Scenario(
            [3, 1, 4, 1, 5, 9], concurrency, buffer, updates, speed, dropout, diurnal, Synchronous: false, Seed: 7).Plans(1, updates).Single();
        Assert.Equal(events, string.Join("; ", plan.Arrivals.Select(arrival => arrival.Running).Select(running => string.Create(
            CultureInfo.InvariantCulture, $"{running.Client.ClientId} {running.Start} {running.From.Number} {running.StartedAt:F6} {running.ArrivesAt:F6}"))));
        Assert.Equal(dropped, plan.Dropped);
    }

    private static string Text(IEnumerable<RoundPlan> plans)
    {
        var all = plans.ToArray();
        var arrivals = all.SelectMany(plan => plan.Arrivals.Select(arrival => $"{Text(arrival.Running)}, staleness {arrival.Staleness}"));
        return string.Join(
            '\n', [.. arrivals, .. all[^1].State.Running.Select(Text), $"{all.Sum(plan => plan.Dropped)} dropped", $"{all[^1].State.Seconds:R}"]);
    }

    private static string Text(RunningClient running) =>
        $"{running.Client.ClientId} {running.Start}: {running.StartedAt:R} to {running.ArrivesAt:R} from version "
            + $"{running.From.Number}{(running.DropsOut ? ", drops out" : "")}";
}
