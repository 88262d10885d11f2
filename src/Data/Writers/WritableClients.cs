using System.Text;
using FedPure.Tensors;

namespace FedPure.Data.Writers;

/// <summary>What every writer asks of the examples that it is given.</summary>
internal static class WritableClients
{
    /// <summary>
    /// That every client's id is text which is read back as it was: no half of a surrogate pair, and no U+FFFD, by which readers know text that could not be
    /// decoded.
    /// </summary>
    /// <exception cref="DataFormatException">One is not.</exception>
    public static void RequireIds(this IFederatedDataset data, string path)
    {
        foreach (string id in data.ClientIds)
        {
            // Half a pair is enumerated as U+FFFD too.
            if (id.EnumerateRunes().Contains(Rune.ReplacementChar))
                throw new DataFormatException(path, $"the client id '{id}' has a character that is not valid Unicode; rename the client.");
        }
    }

    /// <summary>A client in memory, with class labels and finite features; its pipeline does not matter, since examples are written as they lie.</summary>
    /// <exception cref="DataFormatException">It has float targets, or a feature that is not finite.</exception>
    public static ClientDataset ReadToWrite(this IFederatedDataset data, string path, string clientId)
    {
        var client = data.GetClient(clientId).InMemory();
        if (client.Examples.TargetCount > 0)
            throw new DataFormatException(
                path,
                $"the examples of client '{clientId}' have float targets, but files hold class labels; keep regression data in memory, "
                    + "or make classes of the targets.");
        for (int i = 0; i < client.Count; i++)
        {
            if (!Vectors.AllFinite(client.Features(i)))
                throw new DataFormatException(path, $"example {i} of client '{clientId}' has a feature that is not finite, which no reader would take.");
        }

        return client;
    }
}
