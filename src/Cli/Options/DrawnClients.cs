using FedPure.Data;
using FedPure.Data.Sampling;

namespace FedPure.Cli.Options;

/// <summary>N clients a round from one of the library's own samplers.</summary>
internal sealed record DrawnClients(string Name, int Count, int Rounds = 1) : ClientSelection
{
    // Round figures: half of the clients in the middle of their night, one in twenty by day.
    private const double AwakeByDay = 0.05, AwakeByNight = 0.5;

    public override bool IsByRound => true;

    /// <summary>Clients that sleep by night, a day being so many rounds.</summary>
    public static DiurnalAvailability Diurnal(int period, long seed) => new(period, AwakeByDay, AwakeByNight, seed);

    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed)
    {
        if (Count > data.ClientIds.Length) throw TooMany($"{Name}:{Count}", data);
        try
        {
            return Name switch
            {
                "weighted" => new WeightedSampler(data.ClientIds, [.. data.ClientIds.Select(id => (long)data.GetClient(id).Count)], Count, seed),
                "cyclic" => new CyclicSampler(data.ClientIds, Count, seed),
                "gap" => new MinimumGapSampler(data.ClientIds, Count, Rounds, seed),
                _ => new AvailableSampler(data.ClientIds, Count, Diurnal(Rounds, seed), seed),
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--clients {Name}: {UsageException.Sentence(e)}");
        }
    }
}

/// <summary>Every client with the same probability, independently.</summary>
internal sealed record PoissonClients(double Rate) : ClientSelection
{
    public override bool IsByRound => true;

    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed) => new PoissonSampler(data.ClientIds, Rate, seed);
}
