using System.Collections.Immutable;

namespace FedPure.Data.Sampling;

/// <summary>Chooses each round's clients: a pure function of the round, so that rounds can be asked for in any order, again, or on another machine.</summary>
public interface IClientSampler
{
    /// <summary>All clients that may be chosen.</summary>
    ImmutableArray<string> Population { get; }

    /// <summary>The ids of a round's clients, in the order of the cohort. A cohort may be empty where the sampler says so.</summary>
    ImmutableArray<string> Sample(int round);
}
