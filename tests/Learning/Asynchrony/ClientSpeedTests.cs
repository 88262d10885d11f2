using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Data.Sampling;

namespace FedPure.Learning.Asynchrony;

/// <summary>Speeds, and when clients can be started.</summary>
public class ClientSpeedTests
{
    private const int Draws = 20_000;

    private static readonly RandomKey Key = RandomKey.FromSeed(1);

    // Two passes over 12 examples.
    private static readonly ClientDataset Client = GoldenProblems.Clients[2];

    [Fact]
    public void EqualClientsTakeATimeByTheirExamples()
    {
        foreach (var client in GoldenProblems.Clients) Assert.Equal(0.5 * 2 * client.Count, new EqualSpeed(0.5).Seconds(Start(client, 0, 0)));
    }

    /// <summary>Five standard errors of the mean of 20,000: of factors with a variance of 1, and of (π/2 - 1).</summary>
    [Fact]
    public void FactorsOfAStartHaveAMeanOfOne()
    {
        Assert.InRange(Mean(new ExponentialSpeed(1)), 1 - 5 / Math.Sqrt(Draws), 1 + 5 / Math.Sqrt(Draws));
        Assert.InRange(Mean(new HalfNormalSpeed(1)), 1 - 5 * 0.756 / Math.Sqrt(Draws), 1 + 5 * 0.756 / Math.Sqrt(Draws));
        Assert.NotEqual(new HalfNormalSpeed(1).Seconds(Start(Client, 0, 0)), new HalfNormalSpeed(1).Seconds(Start(Client, 0, 1)));

        static double Mean(ClientSpeed speed) => Enumerable.Range(0, Draws).Average(i => speed.Seconds(Start(Client, 0, i))) / 24;
    }

    /// <summary>The logarithms of a device's factor are normal: mean 0 and the spread, within five standard errors.</summary>
    [Fact]
    public void ADeviceKeepsItsSpeed()
    {
        var speed = new LogNormalSpeed(1, 0.5);
        Assert.Equal(speed.Seconds(Start(Client, 3, 0)), speed.Seconds(Start(Client, 3, 1)));
        double[] logarithms = [.. Enumerable.Range(0, Draws).Select(device => Math.Log(speed.Seconds(Start(Client, device, 0)) / 24))];
        double mean = logarithms.Average(), deviation = Math.Sqrt(logarithms.Average(x => (x - mean) * (x - mean)));
        Assert.InRange(mean, -5 * 0.5 / Math.Sqrt(Draws), 5 * 0.5 / Math.Sqrt(Draws));
        Assert.InRange(deviation, 0.5 * (1 - 5 / Math.Sqrt(2 * Draws)), 0.5 * (1 + 5 / Math.Sqrt(2 * Draws)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NumbersOutOfRangeAreRefused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EqualSpeed(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogNormalSpeed(1, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialStaleness(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HingeStaleness(1, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualClock { DropoutProbability = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClientAvailability(["a"], new AvailabilityTrace(1, [[]]), value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualClock { Concurrency = 0 });
    }

    /// <summary>A slot's start, k·length as rounded, is in slot k, and the number before it in the slot before: whatever the length.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.1)]
    [InlineData(0.7)]
    [InlineData(1e-3)]
    public void SlotsBeginWhereTheyAreSaidTo(double length)
    {
        // Available in every other slot.
        var availability = new ClientAvailability(["a", "b"], new AvailabilityTrace(2, [[(0, 1)], [(1, 2)]]), length);
        for (int slot = 1; slot < 20_000; slot++)
        {
            double start = slot * length;
            Assert.Equal(slot % 2 == 0, availability.IsAvailable("a", start));
            Assert.Equal(slot % 2 == 1, availability.IsAvailable("b", start));
            Assert.Equal(slot % 2 == 1, availability.IsAvailable("a", Math.BitDecrement(start)));
            Assert.Equal(start, availability.NextSlot(Math.BitDecrement(start)));
            Assert.Equal((slot + 1) * length, availability.NextSlot(start));
        }
    }

    [Fact]
    public void AStrangerToTheAvailabilityIsNamed()
    {
        var availability = new ClientAvailability(["ab", "b"], new AvailabilityTrace(1, [[], []]), 1);
        Assert.Contains("'aa'", Assert.Throws<UnknownClientException>(() => availability.IsAvailable("aa", 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ClientAvailability(["a", "a"], new AvailabilityTrace(1, [[], []]), 1));
    }

    private static ClientStart Start(ClientDataset client, int device, int start) =>
        new(client, 0, Key.Fold((ulong)device), Key.Fold("start").Fold((ulong)start));
}
