using FedPure.Data;
using FedPure.Data.Random;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Asynchrony;

/// <summary>A client that is about to train: what its speed may depend on.</summary>
/// <param name="Client">The client.</param>
/// <param name="Time">Virtual seconds since the first round.</param>
/// <param name="ClientKey">Of the client's own random numbers, the same for each of its starts: its device.</param>
/// <param name="Key">Of this start's random numbers: its network at the moment, its other work.</param>
public readonly record struct ClientStart(ClientDataset Client, double Time, RandomKey ClientKey, RandomKey Key)
{
    /// <summary>Examples that the client trains on, repetitions included; filters count as if they kept all.</summary>
    public long Examples => Client.Pipeline.CountExamples(Client.Count);
}

/// <summary>How long clients take.</summary>
public abstract record ClientSpeed
{
    /// <summary>Virtual seconds from the start of a client to the arrival of its result: finite, at least 0. A pure function.</summary>
    public abstract double Seconds(ClientStart start);
}

/// <summary>A time in proportion to the examples that a client trains on, and to a factor of its own.</summary>
/// <param name="SecondsPerExample">Where the factor is 1: finite, at least 0.</param>
public abstract record SpeedByExamples(double SecondsPerExample) : ClientSpeed
{
    /// <inheritdoc cref="SpeedByExamples" path="/param[@name='SecondsPerExample']"/>
    public double SecondsPerExample { get; } = Interval.NonNegative.Check(SecondsPerExample, nameof(SecondsPerExample));

    /// <inheritdoc/>
    public sealed override double Seconds(ClientStart start) => SecondsPerExample * start.Examples * Factor(start);

    /// <summary>At least 0.</summary>
    protected abstract double Factor(ClientStart start);
}

/// <summary>All clients are equally fast.</summary>
/// <param name="SecondsPerExample">Finite, at least 0.</param>
public sealed record EqualSpeed(double SecondsPerExample = 0.01) : SpeedByExamples(SecondsPerExample)
{
    /// <inheritdoc/>
    protected override double Factor(ClientStart start) => 1;
}

/// <summary>
/// Fast and slow devices: a client's factor is e^(spread·z), z standard normal and the same for each of its starts. With a spread of 1 one client in six takes
/// more than 2.7 times the median, one in forty more than 7 times.
/// </summary>
/// <param name="SecondsPerExample">Of the median device: finite, at least 0.</param>
/// <param name="Spread">0 to 10.</param>
public sealed record LogNormalSpeed(double SecondsPerExample = 0.01, double Spread = 1) : SpeedByExamples(SecondsPerExample)
{
    /// <summary>Spreads whose factors stay far from overflow.</summary>
    internal static Interval Spreads { get; } = new("from 0 to 10", value => value is >= 0 and <= 10);

    /// <inheritdoc cref="LogNormalSpeed" path="/param[@name='Spread']"/>
    public double Spread { get; } = Spreads.Check(Spread, nameof(Spread));

    /// <inheritdoc/>
    protected override double Factor(ClientStart start)
    {
        var stream = start.ClientKey.Stream();
        return PortableMath.Exp(Spread * stream.NextNormal());
    }
}

/// <summary>Equal devices with other things to do: each start has a factor of its own, exponential with mean 1.</summary>
/// <param name="SecondsPerExample">In the mean: finite, at least 0.</param>
public sealed record ExponentialSpeed(double SecondsPerExample = 0.01) : SpeedByExamples(SecondsPerExample)
{
    /// <inheritdoc/>
    protected override double Factor(ClientStart start)
    {
        var stream = start.Key.Stream();
        return -PortableMath.Log(1 - stream.NextDouble());
    }
}

/// <summary>
/// Each start has a factor of its own, |z|·√(π/2) with z standard normal, of mean 1: the distribution that Nguyen et al. (FedBuff, 2022) found to fit the times
/// of a large deployment best.
/// </summary>
/// <param name="SecondsPerExample">In the mean: finite, at least 0.</param>
public sealed record HalfNormalSpeed(double SecondsPerExample = 0.01) : SpeedByExamples(SecondsPerExample)
{
    private const double RootOfHalfPi = 1.2533141373155003;

    /// <inheritdoc/>
    protected override double Factor(ClientStart start)
    {
        var stream = start.Key.Stream();
        return RootOfHalfPi * Math.Abs(stream.NextNormal());
    }
}
