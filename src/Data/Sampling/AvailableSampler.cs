using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// Draws uniformly without replacement among the clients that are available in a round; where fewer are, all of them take part, and there may be none.
/// </summary>
public sealed class AvailableSampler : IClientSampler
{
    private readonly IAvailability _availability;
    private readonly int _size;
    private readonly RandomKey _key;

    /// <summary>Samples up to <paramref name="size"/> clients a round.</summary>
    /// <param name="clientIds">The population; its order gives the clients' numbers.</param>
    /// <param name="size">Most clients a round.</param>
    /// <param name="availability">Who is available when.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentException">More clients are asked for than there are.</exception>
    public AvailableSampler(ImmutableArray<string> clientIds, int size, IAvailability availability, long seed)
    {
        ArgumentNullException.ThrowIfNull(availability);
        CohortSize.Check(size, clientIds);
        (Population, _size, _availability, _key) = (clientIds, size, availability, RandomKey.FromSeed(seed).Fold("sample/available"));
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Sample(int round)
    {
        int[] available = [.. Enumerable.Range(0, Population.Length).Where(client => _availability.IsAvailable(client, round))];
        int count = Math.Min(_size, available.Length);
        var stream = _key.Fold(unchecked((ulong)round)).Stream();
        stream.ChooseFirst(available, count);
        return [.. available.Take(count).Select(client => Population[client])];
    }
}
