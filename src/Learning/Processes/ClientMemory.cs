using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FedPure.Data;
using FedPure.Learning.Aggregators;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Processes;

/// <summary>
/// A vector that every client of a population keeps, zeros before its first round, and their mean, which the server keeps. A round moves the mean by the
/// cohort's changes alone, Σ q_i·(after - before) with q_i the client's share of the population, so that it stays Σ q_i·vector_i over all clients, absent ones
/// included. Memory: 4 bytes a parameter for the mean and for each client seen.
/// </summary>
/// <param name="Mean">[trainable parameters] in the stored order.</param>
/// <param name="ByClient">The vectors of the clients seen, each as long, by id.</param>
public sealed record ClientMemory(ImmutableArray<float> Mean, ImmutableDictionary<string, ImmutableArray<float>> ByClient)
{
    /// <summary>Zeros everywhere.</summary>
    internal static ClientMemory Zeros(ParameterLayout layout) => new(ImmutableArray.Create(new float[layout.TrainableLength]), ClientBuffers.None);

    /// <summary>Refuses a client that comes twice in a round, and more clients than the population has.</summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    internal void Check(Population population, IReadOnlyList<ClientDataset> clients)
    {
        CohortCheck.Distinct(clients);
        int known = ByClient.Count + clients.Count(client => !ByClient.ContainsKey(client.ClientId));
        if (known > population.Clients)
            throw new ArgumentException(
                $"{known} clients have come so far, but the process was built for a population of {population.Clients}.", nameof(clients));
    }
}

/// <summary>The changes of a round's clients to a <see cref="ClientMemory"/>, gathered by a worker.</summary>
internal sealed class MemoryChanges(IModel model, Population population, ClientWeighting weighting)
{
    private readonly BufferWrites _writes = new();
    private readonly IAggregation _changes = new PopulationMean(population.TotalWeight(weighting)).CreateAggregation(model.Layout);

    public void Begin()
    {
        _writes.Begin();
        _changes.Begin(PopulationMean.Stateless);
    }

    /// <summary>Adds a change [trainable parameters] to a client's vector, if it comes to finite numbers.</summary>
    public bool TryAdd(ClientMemory memory, ClientDataset client, ReadOnlySpan<float> change)
    {
        float[] after = [.. change];
        if (memory.ByClient.TryGetValue(client.ClientId, out var before)) Vectors.AddScaled(before.AsSpan(), 1f, after);
        if (!Vectors.AllFinite(after)) return false;
        _writes.Write(client.ClientId, after);
        _changes.Add(client.ClientId, change, Population.Weight(weighting, client));
        return true;
    }

    public void Merge(MemoryChanges other)
    {
        _writes.Merge(other._writes);
        _changes.Merge(other._changes);
    }

    /// <summary>The memory after the round; or why there is none, as a clause.</summary>
    public (ClientMemory Memory, string? Problem) ApplyTo(ClientMemory memory)
    {
        var mean = new float[memory.Mean.Length];
        if (_changes.Complete(mean).Problem is { } problem) return (memory, $"of the change of the clients' memories: {problem}");
        Vectors.AddScaled(memory.Mean.AsSpan(), 1f, mean);
        return (new ClientMemory(ImmutableCollectionsMarshal.AsImmutableArray(mean), _writes.ApplyTo(memory.ByClient)), null);
    }
}
