namespace FedPure.Data.Federated;

/// <summary>Clients' examples one after the other as one: a list of rows where they share a table, else a table of their own.</summary>
internal static class JoinedClients
{
    private const string Id = "all";

    public static ClientDataset Join(ClientDataset[] clients)
    {
        if (clients.Length == 0) throw new InvalidOperationException("There are no clients to join.");
        if (Array.Find(clients, client => client.Pipeline.BatchSize is not null) is { } batched)
            throw new InvalidOperationException($"Client '{batched.ClientId}' is batched; join the clients first and batch what comes of it.");
        clients = [.. clients.Select(client => client.InMemory())];
        var table = clients[0].Examples;
        return clients.All(client => ReferenceEquals(client.Examples, table) && client.Pipeline.Maps.IsEmpty)
            ? new ClientDataset(Id, table, new RowSet(clients.SelectMany(Rows).ToArray()))
            : Copy(clients);
    }

    private static int[] Rows(ClientDataset client)
    {
        int[] rows = client.Pipeline.Order(client);
        client.Rows.Map(rows);
        return rows;
    }

    private static ClientDataset Copy(ClientDataset[] clients)
    {
        var (shape, targetCount) = (clients[0].Examples.Shape, clients[0].Examples.TargetCount);
        List<float> features = [], targets = [];
        var labels = new List<int>();
        var reader = new BatchReader();
        foreach (var client in clients)
        {
            if (!client.Examples.Shape.SequenceEqual(shape))
            {
                throw new InvalidOperationException(
                    $"The examples of client '{client.ClientId}' are {string.Join('×', client.Examples.Shape)}, "
                        + $"but those of '{clients[0].ClientId}' {string.Join('×', shape)}.");
            }

            if (client.Examples.TargetCount != targetCount)
                throw new InvalidOperationException(
                    $"The examples of client '{client.ClientId}' have {client.Examples.TargetCount} targets, "
                        + $"but those of '{clients[0].ClientId}' {targetCount}.");
            reader.Begin(client.Preprocess(client.Pipeline.Batch(256)));
            while (reader.Read(out var batch))
            {
                features.AddRange(batch.Features);
                labels.AddRange(batch.Labels);
                targets.AddRange(batch.Targets);
            }
        }

        var table = targetCount > 0
            ? new ExampleTable(features.ToArray(), targets.ToArray(), targetCount, shape) : new ExampleTable(features.ToArray(), labels.ToArray(), shape);
        return new ClientDataset(Id, table, new RowSet(0, table.Count));
    }
}
