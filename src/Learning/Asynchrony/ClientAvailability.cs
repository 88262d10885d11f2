using System.Collections.Frozen;
using System.Collections.Immutable;
using FedPure.Data;
using FedPure.Data.Sampling;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Asynchrony;

/// <summary>
/// When clients can be started: a rule by slots of virtual time, where <see cref="IAvailability"/>'s rounds are slots 0, 1, ... of equal length.
/// </summary>
public sealed class ClientAvailability
{
    private readonly IAvailability _rule;
    private readonly FrozenDictionary<string, int> _numbers;
    private readonly ImmutableArray<string> _population;

    /// <summary>A rule for a population.</summary>
    /// <param name="population">All clients; their order gives the rule's numbers.</param>
    /// <param name="rule">Who is available in which slot.</param>
    /// <param name="slotSeconds">Length of a slot in virtual seconds: finite, above 0.</param>
    /// <exception cref="ArgumentException">A client comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of range.</exception>
    public ClientAvailability(ImmutableArray<string> population, IAvailability rule, double slotSeconds)
    {
        ArgumentNullException.ThrowIfNull(rule);
        (_rule, _population, SlotSeconds) = (rule, population, Interval.Positive.Check(slotSeconds, nameof(slotSeconds)));
        if (population.Distinct().Count() != population.Length) throw new ArgumentException("A client comes twice in the population.", nameof(population));
        _numbers = population.Select((id, number) => KeyValuePair.Create(id, number)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Length of a slot in virtual seconds.</summary>
    public double SlotSeconds { get; }

    /// <summary>Whether a client can be started at a time.</summary>
    /// <exception cref="UnknownClientException">It is not of the population.</exception>
    public bool IsAvailable(string clientId, double time)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        if (!_numbers.TryGetValue(clientId, out int number)) throw new UnknownClientException(clientId, _population);
        return _rule.IsAvailable(number, unchecked((int)(long)Slot(time)));
    }

    /// <summary>The next time at which somebody else may be available.</summary>
    internal double NextSlot(double time) => (Slot(time) + 1) * SlotSeconds is var next && next > time ? next : double.PositiveInfinity;

    // The last slot k whose start k·length, as rounded, is not after the time: the quotient may be off by one. Where doubles no longer tell slots apart there
    // is no next.
    private double Slot(double time)
    {
        double slot = Math.Floor(time / SlotSeconds);
        return (slot + 1) * SlotSeconds <= time ? slot + 1 : slot * SlotSeconds > time ? slot - 1 : slot;
    }
}
