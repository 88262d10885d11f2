using System.Collections.Concurrent;
using System.Collections.Immutable;
using FedPure.Data;
using Microsoft.Data.Sqlite;

namespace FedPure.Sqlite;

/// <summary>Takes a row of examples: its id, its client and its serialized example, which is valid during the call.</summary>
internal delegate void TffRowReader(long rowId, TffClient client, ReadOnlySpan<byte> example);

/// <summary>
/// The two tables of a TensorFlow Federated file, opened for reading only. Upstream writes no index; the places of the clients' rows are then found by one
/// pass, when they are first needed, and kept in the cache folder.
/// </summary>
internal sealed class TffDatabase
{
    private const string RowColumns = "rowid, client_id, split_name";
    private const string OfClient = $"SELECT {RowColumns}, serialized_example_proto FROM examples WHERE client_id = $id AND split_name = $split ORDER BY rowid";

    private static readonly (string Table, string[] Columns)[] Schema =
        [("examples", ["split_name", "client_id", "serialized_example_proto"]), ("client_metadata", ["client_id", "split_name", "num_examples"])];

    private readonly string _connectionString;
    private readonly CacheFolder _folder;

    // A connection serves one thread at a time. They are not SQLite's own pool, which would keep reading a file that another has replaced by then.
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly Lazy<TffRowIndex> _rows;
    private readonly Lock _labelGate = new();
    private bool _hasIndex;
    private ImmutableArray<ImmutableArray<long>>? _labelCounts;

    /// <summary>Opens a file and reads its clients.</summary>
    /// <param name="file">The SQLite file.</param>
    /// <param name="path">What the user calls it, for errors.</param>
    /// <param name="folder">Keeps what was found by passes over the file.</param>
    public TffDatabase(string file, string path, CacheFolder folder)
    {
        (Path, _folder) = (path, folder);
        _connectionString =
            new SqliteConnectionStringBuilder { DataSource = System.IO.Path.GetFullPath(file), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        _rows = new Lazy<TffRowIndex>(() => TffRowIndex.LoadOrBuild(this, _folder));
        Use(connection =>
        {
            CheckSchema(connection);
            _hasIndex = HasIndex(connection);
            return 0;
        });
        Clients = Use(ReadClients);
    }

    /// <summary>What the user calls the file.</summary>
    public string Path { get; }

    /// <summary>The clients of each split.</summary>
    public TffClients Clients { get; }

    /// <summary>The splits in their order.</summary>
    public ImmutableArray<string> Splits => Clients.Splits;

    /// <summary>The serialized example with the lowest row id, or null without any.</summary>
    public byte[]? FirstExample() => Use(connection =>
    {
        using var command = Command(connection, "SELECT serialized_example_proto FROM examples ORDER BY rowid LIMIT 1");
        using var rows = command.ExecuteReader();
        return rows.Read() && !rows.IsDBNull(0) ? rows.GetFieldValue<byte[]>(0) : null;
    });

    /// <summary>Reads a client's rows in the order of their ids.</summary>
    public void ReadClient(TffClient client, TffRowReader read) => Use(connection =>
    {
        if (_hasIndex)
        {
            using var command = Command(connection, OfClient);
            command.Parameters.AddWithValue("$id", client.Id);
            command.Parameters.AddWithValue("$split", Splits[client.Split]);
            ReadRows(command, read);
            return 0;
        }

        foreach (var (start, count) in _rows.Value.Runs(client.Number))
        {
            using var command = Command(
                connection, $"SELECT {RowColumns}, serialized_example_proto FROM examples WHERE rowid BETWEEN $first AND $last ORDER BY rowid");
            command.Parameters.AddWithValue("$first", start);
            command.Parameters.AddWithValue("$last", start + count - 1);
            ReadRows(command, (rowId, owner, example) =>
            {
                if (owner != client)
                {
                    throw new DataFormatException(
                        Path, $"row {rowId} of examples is no longer of the client '{client.Id}'; the file has changed since it was opened, so open it again.");
                }

                read(rowId, owner, example);
            });
        }

        return 0;
    });

    /// <summary>Passes over all rows in the order of their ids.</summary>
    /// <param name="withExamples">Whether the serialized examples are wanted.</param>
    /// <param name="read">Takes each row.</param>
    public void ReadAll(bool withExamples, TffRowReader read) => Use(connection =>
    {
        using var command = Command(connection, $"SELECT {RowColumns}{(withExamples ? ", serialized_example_proto" : "")} FROM examples ORDER BY rowid");
        ReadRows(command, read);
        return 0;
    });

    /// <summary>How often each label occurs in each split; counted once, and kept in the cache folder.</summary>
    public ImmutableArray<ImmutableArray<long>> CountLabels(TffFormat format)
    {
        lock (_labelGate) return _labelCounts ??= TffLabelCounts.LoadOrCount(this, format, _folder);
    }

    private void ReadRows(SqliteCommand command, TffRowReader read)
    {
        using var rows = command.ExecuteReader();
        bool withExamples = rows.FieldCount > 3;
        byte[] buffer = [];
        long? last = null;
        TffClient? before = null;
        while (rows.Read())
        {
            long rowId = rows.GetInt64(0);
            if (rowId <= last) throw new DataFormatException(Path, $"the table examples is damaged: row {rowId} comes after row {last}.");
            last = rowId;
            string id = Text(rows, 1, "examples", rowId), split = Text(rows, 2, "examples", rowId);

            // A client's rows mostly lie together.
            var client = before is { } same && same.Id == id && Splits[same.Split] == split ? same
                : Clients.Find(id, split) is { } found ? found
                : throw new DataFormatException(
                    Path, $"row {rowId} of examples is of the client '{id}' in the split '{split}', which client_metadata does not list.");
            before = client;
            int length = 0;
            if (withExamples)
            {
                if (rows.IsDBNull(3)) throw new DataFormatException(Path, $"row {rowId} of examples has no example.");
                length = checked((int)rows.GetBytes(3, 0, null, 0, 0));
                if (buffer.Length < length) buffer = new byte[length];
                rows.GetBytes(3, 0, buffer, 0, length);
            }

            read(rowId, client, buffer.AsSpan(0, length));
        }
    }

    private void CheckSchema(SqliteConnection connection)
    {
        foreach (var (table, columns) in Schema)
        {
            using var command = Command(connection, "SELECT name FROM pragma_table_info($table)");
            command.Parameters.AddWithValue("$table", table);
            using var rows = command.ExecuteReader();
            var found = new List<string>();
            while (rows.Read()) found.Add(rows.GetString(0));
            if (found.Count == 0)
                throw new DataFormatException(Path, $"it has no table {table}; a TensorFlow Federated file has examples and client_metadata.");
            if (columns.FirstOrDefault(column => !found.Contains(column)) is { } missing)
                throw new DataFormatException(Path, $"its table {table} has no column {missing}, but {string.Join(", ", found)}.");
        }
    }

    private static bool HasIndex(SqliteConnection connection)
    {
        using var command = Command(connection, "EXPLAIN QUERY PLAN " + OfClient);
        command.Parameters.AddWithValue("$id", "");
        command.Parameters.AddWithValue("$split", "");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows.GetString(3).StartsWith("SEARCH", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private TffClients ReadClients(SqliteConnection connection)
    {
        using var command = Command(connection, "SELECT client_id, split_name, num_examples FROM client_metadata ORDER BY rowid");
        using var rows = command.ExecuteReader();
        var clients = new TffClients.Builder(Path);
        for (int number = 1; rows.Read(); number++)
        {
            string id = Text(rows, 0, "client_metadata", number), split = Text(rows, 1, "client_metadata", number);
            if (rows.IsDBNull(2) || rows.GetFieldType(2) != typeof(long) || rows.GetInt64(2) is not (>= 0 and <= int.MaxValue and var count))
                throw new DataFormatException(
                    Path,
                    $"row {number} of client_metadata has {(rows.IsDBNull(2) ? "no num_examples" : $"{rows.GetValue(2)} as num_examples")}, "
                        + "which is no number of examples.");
            clients.Add(id, split, (int)count);
        }

        return clients.Build();
    }

    private string Text(SqliteDataReader rows, int column, string table, long row)
    {
        if (rows.IsDBNull(column) || rows.GetFieldType(column) != typeof(string))
            throw new DataFormatException(Path, $"row {row} of {table} has a {rows.GetName(column)} that is not text.");
        string text = rows.GetString(column);
        return text.Contains('\uFFFD', StringComparison.Ordinal)
            ? throw new DataFormatException(Path, $"row {row} of {table} has a {rows.GetName(column)} that is not valid UTF-8.") : text;
    }

    private T Use<T>(Func<SqliteConnection, T> work)
    {
        SqliteConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection)) connection = Open();
            var result = work(connection);
            _idle.Add(connection);
            connection = null;
            return result;
        }
        catch (SqliteException e)
        {
            throw new DataFormatException(Path, $"SQLite cannot read it: {e.Message}", e);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();

        // A file from elsewhere: its schema may run nothing, and the cells of its pages are checked before they are used.
        using var command = Command(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
        command.ExecuteNonQuery();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }
}
