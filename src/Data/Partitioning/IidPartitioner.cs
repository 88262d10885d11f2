using System.Globalization;
using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Spreads centralized examples over clients at random in equal parts (McMahan et al., Communication-efficient learning of deep networks from decentralized
/// data, 2017, section 3: IID): the rows are shuffled and cut; the first clients get one more where the parts cannot be equal.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="Seed">Seed of the shuffle; a partition is a pure function of it, the client count and the number of examples.</param>
public sealed record IidPartitioner(int ClientCount, long Seed)
{
    /// <summary>The rows of each client, by ids client_0, client_1, ... padded with zeros so that their ordinal order is their number's.</summary>
    /// <exception cref="ArgumentException">There are more clients than examples.</exception>
    public FederatedDataset Partition(ExampleTable examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClientCount);
        if (examples.Count < ClientCount)
            throw new ArgumentException($"{examples.Count} examples cannot be spread over {ClientCount} clients with at least one each.", nameof(examples));
        var rows = Enumerable.Range(0, examples.Count).ToArray();
        var stream = RandomKey.FromSeed(Seed).Fold("partition/iid").Stream();
        stream.Shuffle(rows);
        var clients = new Dictionary<string, RowSet>(ClientCount, StringComparer.Ordinal);
        int digits = (ClientCount - 1).ToString(CultureInfo.InvariantCulture).Length, start = 0;
        for (int client = 0; client < ClientCount; client++)
        {
            int count = examples.Count / ClientCount + (client < examples.Count % ClientCount ? 1 : 0);
            clients.Add("client_" + client.ToString("D" + digits, CultureInfo.InvariantCulture), new RowSet(rows.AsMemory(start, count)));
            start += count;
        }

        return new FederatedDataset(examples, clients);
    }
}
