using BenchmarkDotNet.Attributes;
using FedPure.Sqlite;

namespace FedPure.Benchmarks.Data;

/// <summary>
/// A TensorFlow Federated file of 3,400 clients, as many as federated EMNIST has, with four images each and no index: opened; opened and one client read, with
/// the places of the clients' rows in the cache folder and without, which takes a pass over the row ids.
/// </summary>
public class TffOpening
{
    private const int Clients = 3400, Examples = 4;

    private string _folder = "", _file = "";
    private TffOptions _kept = new(), _notKept = new();

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("fedpure-tff").FullName;
        _file = Path.Combine(_folder, "clients.sqlite");
        TffWriter.Write(_file, GeneratedClients.Create(Clients, Examples));
        _kept = new TffOptions { CacheFolder = new CacheFolder(Path.Combine(_folder, "cache")) };
        _notKept = new TffOptions { CacheFolder = new CacheFolder(Path.Combine(_file, "a file is no folder")) };
        ReadOne(_kept);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true, Description = "FedPure: open")]
    public int Open() => TffFiles.Open(_file, _kept).Train.ClientIds.Length;

    [Benchmark(Description = "open, read a client, places kept")]
    public int OpenAndRead() => ReadOne(_kept);

    [Benchmark(Description = "open, read a client, places not kept")]
    public int OpenPassAndRead() => ReadOne(_notKept);

    private int ReadOne(TffOptions options)
    {
        var train = TffFiles.Open(_file, options).Train;
        return train.GetClient(train.ClientIds[Clients / 2]).Label(0);
    }
}
