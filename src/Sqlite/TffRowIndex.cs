namespace FedPure.Sqlite;

/// <summary>Where the rows of each client lie: runs of consecutive row ids, which are one a client in files that upstream wrote.</summary>
internal sealed class TffRowIndex
{
    private const string Extension = ".rows1";

    private readonly List<(long Start, long Count)>[] _runs;

    private TffRowIndex(List<(long Start, long Count)>[] runs) => _runs = runs;

    /// <summary>The index kept in the cache folder, or one that is built by a pass over the row ids and kept.</summary>
    public static TffRowIndex LoadOrBuild(TffDatabase database, CacheFolder folder) =>
        Sidecar.LoadOrMake(folder, database.Path, Extension, reader => Load(reader, database.Clients.Length), () => Build(database), (writer, index) => index.Save(writer));

    /// <summary>The runs of a client, by the number of its row of client_metadata.</summary>
    public IReadOnlyList<(long Start, long Count)> Runs(int client) => _runs[client];

    private static TffRowIndex Build(TffDatabase database)
    {
        var runs = new List<(long Start, long Count)>[database.Clients.Length];
        for (int i = 0; i < runs.Length; i++) runs[i] = [];
        database.ReadAll(withExamples: false, (rowId, client, _) =>
        {
            var own = runs[client.Index];
            if (own is [.., var last] && last.Start + last.Count == rowId) own[^1] = (last.Start, last.Count + 1);
            else own.Add((rowId, 1));
        });
        return new TffRowIndex(runs);
    }

    private static TffRowIndex Load(BinaryReader reader, int clientCount)
    {
        var runs = new List<(long Start, long Count)>[clientCount];
        for (int i = 0; i < runs.Length; i++)
        {
            int count = reader.Read7BitEncodedInt();
            runs[i] = [];
            for (; count > 0; count--) runs[i].Add((reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64()));
        }

        return reader.BaseStream.Position == reader.BaseStream.Length ? new TffRowIndex(runs) : throw new EndOfStreamException("The index is of another file.");
    }

    private void Save(BinaryWriter writer)
    {
        foreach (var own in _runs)
        {
            writer.Write7BitEncodedInt(own.Count);
            foreach (var (start, count) in own)
            {
                writer.Write7BitEncodedInt64(start);
                writer.Write7BitEncodedInt64(count);
            }
        }
    }
}
