using FedPure.Data;
using FedPure.Sqlite.Compression;

namespace FedPure.Sqlite;

/// <summary>
/// SQLite files as TensorFlow Federated's <c>save_to_sql_client_data</c> writes and <c>load_and_parse_sql_client_data</c> reads them, such as its federated
/// EMNIST: plain, or packed as .xz or .lzma. Opening reads the table of clients; a client's examples are read when they are looked at.
/// </summary>
public static class TffFiles
{
    private static ReadOnlySpan<byte> SqliteMagic => "SQLite format 3\0"u8;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or has other tables or features.</exception>
    /// <exception cref="IOException">The file or the cache folder cannot be used.</exception>
    public static FederatedSplits Open(string path, TffOptions? options = null)
    {
        options ??= new TffOptions();
        var folder = options.CacheFolder ?? CacheFolder.Default;
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}; tff: takes a SQLite file, or one packed as .xz or .lzma.");
        var database = new TffDatabase(Unpacked(path, folder), path, folder);
        var format = TffFormat.Recover(database, options);
        var cache = options.Cache ?? new ClientCache();
        return new FederatedSplits(
            database.Splits.Select((name, split) => KeyValuePair.Create<string, IFederatedDataset>(name, Dataset(database, format, split, cache))));
    }

    private static LazyFederatedDataset Dataset(TffDatabase database, TffFormat format, int split, ClientCache cache) => new(
        format.Element, database.Clients.CountsOf(split), id => format.Read(
            database, database.Clients.Find(id, split)!.Value), cache, () => database.CountLabels(format)[split]);

    private static string Unpacked(string path, CacheFolder folder)
    {
        Span<byte> start = stackalloc byte[SqliteMagic.Length];
        using var input = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        start = start[..input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.SequenceEqual(SqliteMagic)) return path;
        if (start.IsEmpty) throw new DataFormatException(path, "it is empty.");
        if (!Unpacker.IsPacked(start))
        {
            throw new DataFormatException(
                path, $"it starts with the bytes {Convert.ToHexString(start)}; a TensorFlow Federated file is a SQLite file, plain or packed as .xz or .lzma.");
        }

        string entry = folder.Entry(path, ".sqlite");
        if (CacheFolder.Touch(entry)) return entry;
        folder.MakeRoom(input.Length);
        string partial = $"{entry}.{Guid.NewGuid():N}.partial";
        input.Position = 0;
        try
        {
            using (var output = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                Unpacker.Unpack(input, path, output, folder.Limit);
            folder.MakeRoom(0);
            File.Move(partial, entry, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }

        return entry;
    }
}
