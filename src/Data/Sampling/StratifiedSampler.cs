using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// A fixed number of clients of each stratum (a group such as a region, a device or a most frequent label), in proportion to the strata's clients: size·n_s/n
/// rounded down, and what is left to the largest remainders. Within a stratum clients are drawn uniformly without replacement.
/// </summary>
public sealed class StratifiedSampler : IClientSampler
{
    private readonly int[][] _members;
    private readonly int[] _quotas;
    private readonly RandomKey _key;

    /// <summary>Samples <paramref name="size"/> clients a round.</summary>
    /// <param name="clientIds">The population; its order matters.</param>
    /// <param name="strata">[clients], each client's stratum: any number.</param>
    /// <param name="size">Clients a round.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentException">The lengths differ, or more clients are asked for than there are.</exception>
    public StratifiedSampler(ImmutableArray<string> clientIds, ImmutableArray<int> strata, int size, long seed)
    {
        CohortSize.Check(size, clientIds);
        if (strata.Length != clientIds.Length) throw new ArgumentException($"{strata.Length} strata do not fit {clientIds.Length} clients.", nameof(strata));
        (Population, _key) = (clientIds, RandomKey.FromSeed(seed).Fold("sample/stratified"));
        _members = [.. Enumerable.Range(0, strata.Length).GroupBy(client => strata[client]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        _quotas = LargestRemainder.Allot(size, [.. _members.Select(members => (long)members.Length)]);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Sample(int round)
    {
        var key = _key.Fold(unchecked((ulong)round));
        var chosen = ImmutableArray.CreateBuilder<string>(_quotas.Sum());
        for (int s = 0; s < _members.Length; s++)
        {
            int[] members = [.. _members[s]];
            var stream = key.Fold((ulong)s).Stream();
            stream.ChooseFirst(members, _quotas[s]);
            foreach (int client in members.AsSpan(0, _quotas[s])) chosen.Add(Population[client]);
        }

        return chosen.MoveToImmutable();
    }
}
