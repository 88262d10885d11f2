using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// A fixed number of labels for each client (Li et al., Federated learning on non-IID data silos, 2022: #C = k). Labels are dealt like cards from shuffled
/// decks, a client never the same twice, so that labels have nearly equally many clients; a label's examples are then divided equally among its clients.
/// </summary>
/// <param name="ClientCount">Number of clients; at least 1.</param>
/// <param name="LabelsPerClient">Labels of a client; at least 1, at most those that occur.</param>
/// <param name="Seed">Seed of the decks and of the rows' order.</param>
public sealed record LabelPartitioner(int ClientCount, int LabelsPerClient, long Seed) : IPartitioner
{
    /// <inheritdoc/>
    public Partition Partition(ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LabelsPerClient);
        ClientCounts.Check(ClientCount, labels.Length);
        var key = RandomKey.FromSeed(Seed).Fold("partition/labels");
        var byLabel = RowsByLabel.Shuffled(labels, key.Fold("rows"));
        var owners = Deal(byLabel.Labels.Length, key.Fold("deal").Stream());
        List<int>[] clients = [.. Enumerable.Range(0, ClientCount).Select(_ => new List<int>())];
        for (int k = 0; k < owners.Length; k++)
        {
            int[] sizes = ClientCounts.Equal(owners[k].Count, byLabel.Rows[k].Count);
            int next = 0;
            for (int i = 0; i < sizes.Length; i++)
            {
                clients[owners[k][i]].AddRange(byLabel.Rows[k].Slice(next, sizes[i]));
                next += sizes[i];
            }
        }

        if (Array.FindIndex(clients, rows => rows.Count == 0) is >= 0 and var empty)
            throw new ArgumentException(
                $"Client {empty} of {ClientCount} would have no example: a label has fewer examples than clients; give fewer clients.", nameof(labels));
        return Partitioning.Partition.FromLists(clients);
    }

    /// <summary>The clients of each label.</summary>
    private List<int>[] Deal(int labelCount, Philox stream)
    {
        if (LabelsPerClient > labelCount) throw new ArgumentException($"{LabelsPerClient} labels for each client are more than the {labelCount} that occur.");
        if ((long)ClientCount * LabelsPerClient < labelCount)
            throw new ArgumentException(
                $"{ClientCount} clients with {LabelsPerClient} labels each leave some of the {labelCount} labels to nobody; give more clients or labels.");
        List<int>[] owners = [.. Enumerable.Range(0, labelCount).Select(_ => new List<int>())];
        var deck = new List<int>();
        for (int client = 0; client < ClientCount; client++)
        {
            for (int i = 0; i < LabelsPerClient; i++)
            {
                // A card the client has already stays for the next one; behind the last card comes a new deck.
                int place = deck.FindIndex(label => !Has(owners[label], client));
                if (place < 0)
                {
                    place = deck.Count;
                    int[] fresh = [.. Enumerable.Range(0, labelCount)];
                    stream.Shuffle(fresh);
                    deck.AddRange(fresh);
                    while (Has(owners[deck[place]], client)) place++;
                }

                owners[deck[place]].Add(client);
                deck.RemoveAt(place);
            }
        }

        return owners;
    }

    // Clients are dealt to in order, so that the current one can only be the last.
    private static bool Has(List<int> owners, int client) => owners.Count > 0 && owners[^1] == client;
}
