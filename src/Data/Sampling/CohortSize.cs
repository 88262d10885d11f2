using System.Collections.Immutable;

namespace FedPure.Data.Sampling;

/// <summary>What every sampler of a fixed number of clients asks of its arguments.</summary>
internal static class CohortSize
{
    public static void Check(int size, ImmutableArray<string> population, bool replace = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (population.IsDefault) throw new ArgumentException("The population is missing.", nameof(population));
        if (replace ? population.IsEmpty && size > 0 : size > population.Length)
            throw new ArgumentException($"{size} clients a round cannot be sampled from a population of {population.Length}.", nameof(size));
    }
}
