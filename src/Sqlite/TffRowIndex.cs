namespace FedPure.Sqlite;

/// <summary>
/// Where the rows of each client lie: runs of consecutive row ids, which are one a client in files that upstream wrote. Client number c has the runs from place
/// ends[c - 1] up to place ends[c].
/// </summary>
internal sealed class TffRowIndex
{
    private const string Extension = ".rows2";

    private readonly int[] _ends;
    private readonly (long Start, int Count)[] _runs;

    private TffRowIndex(int[] ends, (long Start, int Count)[] runs) => (_ends, _runs) = (ends, runs);

    /// <summary>The index kept in the cache folder, or one that is built by a pass over the row ids and kept.</summary>
    public static TffRowIndex LoadOrBuild(TffDatabase database, CacheFolder folder) =>
        Sidecar.LoadOrMake(
            folder, database.Path, Extension, reader => Load(reader, database.Clients.Count), () => Build(database), (writer, index) => index.Save(writer));

    /// <summary>The runs of a client, by its number.</summary>
    public ArraySegment<(long Start, int Count)> Runs(int client)
    {
        int start = client == 0 ? 0 : _ends[client - 1];
        return new ArraySegment<(long Start, int Count)>(_runs, start, _ends[client] - start);
    }

    private static TffRowIndex Build(TffDatabase database)
    {
        // Runs as they come, each with its client; then those of each client together, in the same order.
        var owners = new List<int>();
        var runs = new List<(long Start, int Count)>();
        database.ReadAll(withExamples: false, (rowId, client, _) =>
        {
            if (owners is [.., var owner] && owner == client.Number && runs[^1].Start + runs[^1].Count == rowId && runs[^1].Count < int.MaxValue)
            {
                runs[^1] = (runs[^1].Start, runs[^1].Count + 1);
                return;
            }

            owners.Add(client.Number);
            runs.Add((rowId, 1));
        });
        var next = new int[database.Clients.Count];
        foreach (int owner in owners) next[owner]++;
        int end = 0;
        for (int client = 0; client < next.Length; client++) (next[client], end) = (end, end + next[client]);
        var sorted = new (long Start, int Count)[runs.Count];
        for (int i = 0; i < runs.Count; i++) sorted[next[owners[i]]++] = runs[i];
        return new TffRowIndex(next, sorted);
    }

    private static TffRowIndex Load(BinaryReader reader, int clientCount)
    {
        var ends = new int[clientCount];
        var runs = new List<(long Start, int Count)>(clientCount);
        for (int client = 0; client < clientCount; client++)
        {
            for (int left = reader.Read7BitEncodedInt(); left > 0; left--) runs.Add((reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt()));
            ends[client] = runs.Count;
        }

        return reader.BaseStream.Position == reader.BaseStream.Length
            ? new TffRowIndex(ends, [.. runs]) : throw new EndOfStreamException("The index is of another file.");
    }

    private void Save(BinaryWriter writer)
    {
        for (int client = 0; client < _ends.Length; client++)
        {
            var own = Runs(client);
            writer.Write7BitEncodedInt(own.Count);
            foreach (var (start, count) in own)
            {
                writer.Write7BitEncodedInt64(start);
                writer.Write7BitEncodedInt(count);
            }
        }
    }
}
