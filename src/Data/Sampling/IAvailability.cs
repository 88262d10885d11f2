using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>Whether a client could take part in a round: a device that is charging, idle and online.</summary>
public interface IAvailability
{
    /// <summary>Whether client number <paramref name="client"/> is available in a round; a pure function.</summary>
    bool IsAvailable(int client, int round);
}

/// <summary>
/// Devices that follow day and night (Eichner et al., Semi-cyclic stochastic gradient descent, 2019; Yang et al., Applied federated learning, 2018, figure 2):
/// client c is available in round r with probability least + (most - least)·(1 + cos 2π(r/period - phase_c))/2, independently of other rounds; its phase, a
/// time zone, is uniform in a day.
/// </summary>
public sealed class DiurnalAvailability : IAvailability
{
    private readonly int _period;
    private readonly double _least, _most;
    private readonly RandomKey _key;

    /// <summary>A day of <paramref name="period"/> rounds.</summary>
    /// <param name="period">Rounds in a day; at least 1.</param>
    /// <param name="least">Probability in the middle of a client's day, when its user needs it; 0 to <paramref name="most"/>.</param>
    /// <param name="most">Probability in the middle of its night; at most 1.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public DiurnalAvailability(int period, double least, double most, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        if (!(least >= 0 && least <= most && most <= 1))
            throw new ArgumentOutOfRangeException(nameof(least), $"0 ≤ least ≤ most ≤ 1 must hold, but least is {least} and most {most}.");
        (_period, _least, _most, _key) = (period, least, most, RandomKey.FromSeed(seed).Fold("availability/diurnal"));
    }

    /// <inheritdoc/>
    public bool IsAvailable(int client, int round)
    {
        var key = _key.Fold((ulong)client);
        var phase = key.Stream();
        double turn = (double)(((long)round % _period + _period) % _period) / _period - phase.NextDouble();
        double probability = _least + (_most - _least) * (1 + PortableMath.SinCosDegrees(360 * turn).Cos) / 2;
        var stream = key.Fold(unchecked((ulong)round)).Stream();
        return stream.NextDouble() < probability;
    }
}

/// <summary>Recorded availability: for each client the intervals [from, to) of rounds in which it is available, repeated every <c>period</c> rounds.</summary>
public sealed class AvailabilityTrace : IAvailability
{
    private readonly int _period;
    private readonly ImmutableArray<ImmutableArray<(int From, int To)>> _intervals;

    /// <summary>A trace by client number.</summary>
    /// <exception cref="ArgumentException">An interval is not within [0, period].</exception>
    public AvailabilityTrace(int period, ImmutableArray<ImmutableArray<(int From, int To)>> intervals)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        foreach (var (from, to) in intervals.SelectMany(client => client))
        {
            if (from < 0 || to < from || to > period)
                throw new ArgumentException($"The interval [{from}, {to}) is not within a period of {period} rounds.", nameof(intervals));
        }

        (_period, _intervals) = (period, intervals);
    }

    /// <inheritdoc/>
    public bool IsAvailable(int client, int round)
    {
        int time = (int)(((long)round % _period + _period) % _period);
        return _intervals[client].Any(interval => interval.From <= time && time < interval.To);
    }
}
