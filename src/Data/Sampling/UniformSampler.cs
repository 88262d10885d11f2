using System.Collections.Immutable;
using System.Numerics;
using FedPure.Data.Random;

namespace FedPure.Data.Sampling;

/// <summary>
/// TensorFlow Federated's <c>build_uniform_sampling_fn</c> with a seed, to the last id: round r is drawn by NumPy's RandomState whose seed is
/// 16807^r·start mod (2^31 - 1) (Lehmer's generator), where start is the first <c>randint(1, 2^31 - 2)</c> of RandomState(seed).
/// </summary>
public sealed class UniformSampler : IClientSampler
{
    private const int Modulus = int.MaxValue, Multiplier = 16807;

    private readonly int _size;
    private readonly bool _replace;
    private readonly long _start;

    /// <summary>Samples <paramref name="size"/> of the clients each round.</summary>
    /// <param name="clientIds">The population; its order matters.</param>
    /// <param name="size">Clients a round.</param>
    /// <param name="seed">TFF's random_seed.</param>
    /// <param name="replace">Whether one client can be drawn several times in a round.</param>
    /// <exception cref="ArgumentException">More clients are asked for than there are, without replacement.</exception>
    public UniformSampler(ImmutableArray<string> clientIds, int size, uint seed, bool replace = false)
    {
        CohortSize.Check(size, clientIds, replace);
        (Population, _size, _replace) = (clientIds, size, replace);
        _start = new NumpyRandomState(seed).NextInteger(1, Modulus - 1);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Population { get; }

    /// <summary>The clients of a round; a negative round's multiplier is the inverse modulo 2^31 - 1, as in Python.</summary>
    public ImmutableArray<string> Sample(int round)
    {
        // Modulus is prime, so that exponents count modulo Modulus - 1 (Fermat).
        long exponent = ((long)round % (Modulus - 1) + (Modulus - 1)) % (Modulus - 1);
        long seed = (long)(BigInteger.ModPow(Multiplier, exponent, Modulus) * _start % Modulus);
        return [.. new NumpyRandomState((uint)seed).Choice(Population.Length, _size, _replace).Select(index => Population[index])];
    }
}
