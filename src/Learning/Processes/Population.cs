using FedPure.Data;

namespace FedPure.Learning.Processes;

/// <summary>All clients that cohorts are drawn from, for algorithms that average over absent ones too.</summary>
public sealed record Population
{
    /// <summary>So many clients with so many examples in all.</summary>
    /// <param name="clients">At least 1.</param>
    /// <param name="examples">At least 0, each counted once, whatever a pipeline repeats.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Population(int clients, long examples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clients, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(examples);
        (Clients, Examples) = (clients, examples);
    }

    /// <summary>N.</summary>
    public int Clients { get; }

    /// <summary>Examples of all N.</summary>
    public long Examples { get; }

    /// <summary>The clients of a dataset.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has none.</exception>
    public static Population Of(IFederatedDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new Population(dataset.ClientIds.Length, dataset.ExampleCount);
    }

    /// <summary>These clients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static Population Of(IReadOnlyCollection<ClientDataset> clients)
    {
        ArgumentNullException.ThrowIfNull(clients);
        return new Population(clients.Count, clients.Sum(client => (long)client.Count));
    }

    /// <summary>The sum of all clients' <see cref="Weight"/>.</summary>
    internal double TotalWeight(ClientWeighting weighting) => weighting == ClientWeighting.Uniform ? Clients : Examples;

    /// <summary>What a client weighs among all: 1, or its examples, each counted once.</summary>
    internal static double Weight(ClientWeighting weighting, ClientDataset client) => weighting == ClientWeighting.Uniform ? 1 : client.Count;
}
