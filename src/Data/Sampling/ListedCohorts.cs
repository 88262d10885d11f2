using System.Collections.Immutable;

namespace FedPure.Data.Sampling;

/// <summary>Cohorts that were chosen elsewhere: the same one for every round, or a list of them, the first for round 1.</summary>
public sealed class ListedCohorts : IClientSampler
{
    private readonly ImmutableArray<ImmutableArray<string>> _rounds;
    private readonly bool _repeat;

    private ListedCohorts(ImmutableArray<ImmutableArray<string>> rounds, bool repeat)
    {
        (_rounds, _repeat) = (rounds, repeat);
        Population = [.. rounds.SelectMany(ids => ids).Distinct()];
    }

    /// <summary>The clients that the list names, each once.</summary>
    public ImmutableArray<string> Population { get; }

    /// <summary>The same clients in every round.</summary>
    public static ListedCohorts Always(ImmutableArray<string> clientIds) => new([clientIds], repeat: true);

    /// <summary>The clients of round 1, of round 2, and so on.</summary>
    public static ListedCohorts ByRound(ImmutableArray<ImmutableArray<string>> rounds) => new(rounds, repeat: false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such round.</exception>
    public ImmutableArray<string> Sample(int round)
    {
        if (_repeat) return _rounds[0];
        if (round < 1 || round > _rounds.Length) throw new ArgumentOutOfRangeException(nameof(round), round, $"The list has rounds 1 to {_rounds.Length}.");
        return _rounds[round - 1];
    }
}
