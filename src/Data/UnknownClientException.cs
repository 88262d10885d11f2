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
        var nearest = knownIds.OrderBy(id => EditDistance.Between(clientId, id)).ThenBy(id => id, StringComparer.Ordinal).Take(Proposals);
        return knownIds.Count == 0
            ? $"There is no client '{clientId}': the data have no clients."
            : $"There is no client '{clientId}' among the {knownIds.Count}; the nearest ids are {string.Join(", ", nearest)}.";
    }
}
