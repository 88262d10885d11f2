using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// Takes the clients in turn (cyclic participation: Cho et al., On the convergence of federated averaging with cyclic client participation, 2023): round 1 the
/// first ones of an order drawn once, round 2 the next, and from the end on to the beginning. Over any number of rounds two clients' participations differ by
/// at most 1.
/// </summary>
public sealed class CyclicSampler : IClientSampler
{
    private readonly int[] _order;
    private readonly int _size;

    /// <summary>Takes <paramref name="size"/> clients a round.</summary>
    /// <param name="clientIds">The population; its order matters.</param>
    /// <param name="size">Clients a round.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <exception cref="ArgumentException">More clients are asked for than there are.</exception>
    public CyclicSampler(ImmutableArray<string> clientIds, int size, long seed)
    {
        CohortSize.Check(size, clientIds);
        (Population, _size) = (clientIds, size);
        _order = [.. Enumerable.Range(0, clientIds.Length)];
        var stream = RandomKey.FromSeed(seed).Fold("sample/cyclic").Stream();
        stream.Shuffle(_order);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Sample(int round)
    {
        if (_size == 0) return [];
        long count = _order.Length, start = ((round - 1L) * _size % count + count) % count;
        return [.. Enumerable.Range(0, _size).Select(i => Population[_order[(start + i) % count]])];
    }
}
