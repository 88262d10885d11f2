namespace FedPure.Data.Readers;

/// <summary>Whose row is whose, from a column of client ids.</summary>
public static class RowsByClient
{
    /// <summary>The rows of each client in their order; a range where they follow each other, a list otherwise.</summary>
    public static Dictionary<string, RowSet> Of(IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var rows = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < ids.Count; i++)
        {
            if (!rows.TryGetValue(ids[i], out var own)) rows[ids[i]] = own = [];
            own.Add(i);
        }

        return rows.ToDictionary(client => client.Key, client => Rows(client.Value), StringComparer.Ordinal);
    }

    private static RowSet Rows(List<int> rows) => rows[^1] - rows[0] == rows.Count - 1 ? new RowSet(rows[0], rows.Count) : new RowSet(rows.ToArray());
}
