using System.Collections.Immutable;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// Every client takes part independently of all others with the same probability: the sampling that privacy accounting by subsampling assumes (Abadi et al.,
/// Deep learning with differential privacy, 2016). The number of clients varies by round, binomially, and may be 0.
/// </summary>
public sealed class PoissonSampler : IClientSampler
{
    private readonly double _rate;
    private readonly RandomKey _key;

    /// <summary>Samples each client with probability <paramref name="rate"/>.</summary>
    /// <param name="clientIds">The population; its order matters.</param>
    /// <param name="rate">In [0, 1].</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1].</exception>
    public PoissonSampler(ImmutableArray<string> clientIds, double rate, long seed)
    {
        CohortSize.Check(0, clientIds);
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "The probability of a client must be from 0 to 1.");
        (Population, _rate, _key) = (clientIds, rate, RandomKey.FromSeed(seed).Fold("sample/poisson"));
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Sample(int round)
    {
        var stream = _key.Fold(unchecked((ulong)round)).Stream();
        var chosen = ImmutableArray.CreateBuilder<string>();
        foreach (string id in Population)
        {
            if (stream.NextDouble() < _rate) chosen.Add(id);
        }

        return chosen.ToImmutable();
    }
}
