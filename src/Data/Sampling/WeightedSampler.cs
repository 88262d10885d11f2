using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// Clients in proportion to a whole number each, such as their examples (McMahan et al., 2017, weigh updates by them; sampling by them instead leaves every
/// update weight 1: Li et al., On the convergence of FedAvg on non-IID data, 2020, scheme I). Drawn one after the other with integers alone; without
/// replacement a client that was drawn leaves, so that the others' shares grow.
/// </summary>
public sealed class WeightedSampler : IClientSampler
{
    private readonly ImmutableArray<long> _weights;
    private readonly long[] _tree;
    private readonly long _sum;
    private readonly int _size;
    private readonly bool _replace;
    private readonly RandomKey _key;

    /// <summary>Samples <paramref name="size"/> clients a round.</summary>
    /// <param name="clientIds">The population; its order matters.</param>
    /// <param name="weights">[clients], not negative; one of weight 0 is never drawn. Their sum must be below 2^63.</param>
    /// <param name="size">Clients a round.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="replace">Whether one client can be drawn several times in a round.</param>
    /// <exception cref="OverflowException">The weights sum to 2^63 or more.</exception>
    /// <exception cref="ArgumentException">The lengths differ, a weight is negative, or fewer weights than clients asked for are positive.</exception>
    public WeightedSampler(ImmutableArray<string> clientIds, ImmutableArray<long> weights, int size, long seed, bool replace = false)
    {
        CohortSize.Check(size, clientIds, replace);
        if (weights.Length != clientIds.Length)
            throw new ArgumentException($"{weights.Length} weights do not fit {clientIds.Length} clients.", nameof(weights));
        int positive = 0;
        foreach (long weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            if (weight > 0) positive++;
        }

        if (positive < (replace ? Math.Min(size, 1) : size))
            throw new ArgumentException($"{size} clients a round cannot be sampled where {positive} have a positive weight.", nameof(size));
        (Population, _weights, _size, _replace, _key) = (clientIds, weights, size, replace, RandomKey.FromSeed(seed).Fold("sample/weighted"));
        _sum = weights.Sum();
        _tree = Tree(weights);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Sample(int round)
    {
        var stream = _key.Fold(unchecked((ulong)round)).Stream();
        long left = _sum;
        var tree = _replace ? _tree : (long[])_tree.Clone();
        var chosen = ImmutableArray.CreateBuilder<string>(_size);
        for (int i = 0; i < _size; i++)
        {
            int client = Find(tree, stream.NextLongBelow(left));
            chosen.Add(Population[client]);
            if (_replace) continue;
            left -= _weights[client];
            for (int node = client + 1; node < tree.Length; node += node & -node) tree[node] -= _weights[client];
        }

        return chosen.MoveToImmutable();
    }

    // A tree of partial sums (Fenwick: A new data structure for cumulative frequency tables, 1994): node i, counted from 1, holds the sum of the i & -i weights
    // up to i.
    private static long[] Tree(ImmutableArray<long> weights)
    {
        var tree = new long[weights.Length + 1];
        for (int i = 1; i < tree.Length; i++)
        {
            tree[i] += weights[i - 1];
            int parent = i + (i & -i);
            if (parent < tree.Length) tree[parent] += tree[i];
        }

        return tree;
    }

    // The client within whose share the point lies: the first whose sum with all before it is greater.
    private static int Find(long[] tree, long point)
    {
        int before = 0;
        for (int step = 1 << (31 - int.LeadingZeroCount(tree.Length)); step > 0; step >>= 1)
        {
            int next = before + step;
            if (next >= tree.Length || tree[next] > point) continue;
            point -= tree[next];
            before = next;
        }

        return before;
    }
}
