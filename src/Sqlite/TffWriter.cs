using FedPure.Data;
using FedPure.Data.Writers;
using Microsoft.Data.Sqlite;

namespace FedPure.Sqlite;

/// <summary>
/// Writes a TensorFlow Federated SQLite file: the tables, rows and bytes of its own <c>save_to_sql_client_data</c>, one split after the other.
/// </summary>
public static class TffWriter
{
    private const string Schema =
        """
        CREATE TABLE examples (
          split_name TEXT NOT NULL,
          client_id TEXT NOT NULL,
          serialized_example_proto BLOB NOT NULL);
        CREATE TABLE client_metadata (
          client_id TEXT NOT NULL,
          split_name TEXT NOT NULL,
          num_examples INTEGER NOT NULL);
        """;

    /// <summary>Writes all splits; the file appears whole or not at all.</summary>
    /// <exception cref="DataFormatException">Examples have float targets, or features that are not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then, or the older one.</exception>
    public static void Write(string path, FederatedSplits splits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(splits);
        try
        {
            WholeFile.Create(path, partial =>
            {
                File.Delete(partial);
                using var connection = new SqliteConnection(
                    new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(partial), Pooling = false }.ToString());
                connection.Open();

                // A file that is renamed when it is whole needs no journal.
                Execute(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
                using var transaction = connection.BeginTransaction();
                Execute(connection, Schema);
                foreach (string name in splits.Names) WriteSplit(connection, path, name, splits[name], cancellationToken);
                transaction.Commit();
            });
        }
        catch (SqliteException e)
        {
            throw new IOException($"{path}: SQLite cannot write it: {e.Message}", e);
        }
    }

    private static void WriteSplit(SqliteConnection connection, string path, string split, IFederatedDataset data, CancellationToken cancellationToken)
    {
        data.RequireIds(path);
        using SqliteCommand example = connection.CreateCommand(), client = connection.CreateCommand();
        example.CommandText = "INSERT INTO examples (split_name, client_id, serialized_example_proto) VALUES ($split, $id, $example)";
        client.CommandText = "INSERT INTO client_metadata (client_id, split_name, num_examples) VALUES ($id, $split, $count)";
        foreach (var command in (SqliteCommand[])[example, client]) command.Parameters.AddWithValue("$split", split);
        var (exampleId, clientId) = (example.Parameters.Add("$id", SqliteType.Text), client.Parameters.Add("$id", SqliteType.Text));
        var (bytes, count) = (example.Parameters.Add("$example", SqliteType.Blob), client.Parameters.Add("$count", SqliteType.Integer));
        var serialized = new TfExampleWriter(data.Element);
        foreach (string id in data.ClientIds)
        {
            var loaded = data.ReadToWrite(path, id);
            exampleId.Value = clientId.Value = id;
            count.Value = loaded.Count;
            client.ExecuteNonQuery();
            for (int i = 0; i < loaded.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes.Value = serialized.Write(loaded.Features(i), loaded.Label(i)).ToArray();
                example.ExecuteNonQuery();
            }
        }
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
