namespace FedPure.Data;

/// <summary>A client id that the data do not have; the message proposes the nearest ones.</summary>
public sealed class UnknownClientException : Exception
{
    private const int Proposals = 3;

    /// <summary>Names the id and the nearest of the known ones.</summary>
    public UnknownClientException(string clientId, IReadOnlyList<string> knownIds)
        : base(Describe(clientId, knownIds)) => ClientId = clientId;

    /// <summary>The id that was asked for.</summary>
    public string ClientId { get; }

    private static string Describe(string clientId, IReadOnlyList<string> knownIds)
    {
        var nearest = knownIds.OrderBy(id => Distance(clientId, id)).ThenBy(id => id, StringComparer.Ordinal).Take(Proposals);
        return knownIds.Count == 0
            ? $"There is no client '{clientId}': the data have no clients."
            : $"There is no client '{clientId}' among the {knownIds.Count}; the nearest ids are {string.Join(", ", nearest)}.";
    }

    // Levenshtein's edit distance, one row of the table at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
