using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// Clients at random, but each at most once in any <c>gap</c> consecutive rounds: minimum separation, as differentially private training with correlated noise
/// asks for (Choquette-Choo et al., (Amplified) banded matrix factorization, 2023, algorithm 2). The population is divided at random into as many groups, once,
/// and round r samples group r mod gap without replacement, so that a round needs no memory of the rounds before.
/// </summary>
public sealed class MinimumGapSampler : IClientSampler
{
    private readonly int[] _order;
    private readonly int _size, _gap;
    private readonly RandomKey _key;

    /// <summary>Samples <paramref name="size"/> clients a round.</summary>
    /// <param name="clientIds">The population; its order matters.</param>
    /// <param name="size">Clients a round.</param>
    /// <param name="gap">Least distance of two rounds with the same client; 1 allows any.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentException">A group of population / gap clients is smaller than the size.</exception>
    public MinimumGapSampler(ImmutableArray<string> clientIds, int size, int gap, long seed)
    {
        CohortSize.Check(size, clientIds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gap);
        if ((long)size * gap > clientIds.Length)
            throw new ArgumentException(
                $"{size} clients a round with {gap} rounds between two turns of a client need {(long)size * gap} clients, but there are {clientIds.Length}.",
                nameof(size));
        (Population, _size, _gap, _key) = (clientIds, size, gap, RandomKey.FromSeed(seed).Fold("sample/gap"));
        _order = [.. Enumerable.Range(0, clientIds.Length)];
        var stream = _key.Stream();
        stream.Shuffle(_order);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Sample(int round)
    {
        int group = (int)((round % (long)_gap + _gap) % _gap);
        int[] members = [.. Enumerable.Range(0, (_order.Length - group + _gap - 1) / _gap).Select(i => _order[group + i * _gap])];
        var stream = _key.Fold(unchecked((ulong)round)).Stream();
        stream.ChooseFirst(members, _size);
        return [.. members.Take(_size).Select(client => Population[client])];
    }
}
