using Microsoft.Data.Sqlite;

namespace FedPure.Sqlite;

/// <summary>A folder for one test's files, with a cache folder inside it.</summary>
internal sealed class TestFolder : IDisposable
{
    public const string Tables = "CREATE TABLE examples (split_name TEXT, client_id TEXT, serialized_example_proto BLOB); CREATE TABLE client_metadata (client_id TEXT, split_name TEXT, num_examples INTEGER);";

    private readonly string _path = Directory.CreateTempSubdirectory("fedpure-tff").FullName;

    public TestFolder()
    {
        Cache = new CacheFolder(Path.Combine(_path, "cache"));
        Options = new TffOptions { CacheFolder = Cache };
    }

    public CacheFolder Cache { get; }

    public TffOptions Options { get; }

    public string[] CacheFiles => Directory.Exists(Cache.Path) ? [.. Directory.GetFiles(Cache.Path).Order()] : [];

    public string File(string name) => Path.Combine(_path, name);

    /// <summary>Runs SQL on a database, which is made if it is not there. $e is a serialized example of one feature x = 0.5 and the label 1.</summary>
    public string Execute(string sql, string name = "data.sqlite", byte[]? example = null)
    {
        string path = File(name);
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$e", example ?? Example(0.5f, 1));
        command.ExecuteNonQuery();
        return path;
    }

    public static byte[] Example(float feature, int label) => new TfExampleWriter(FedPure.Data.ElementSpec.ForExamples([1])).Write([feature], label).ToArray();

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
