using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using FedPure.Data;
using FedPure.Data.Readers;
using FedPure.Data.Writers;
using FedPure.Digits;

namespace FedPure.Benchmarks.Data;

/// <summary>
/// 59,106 images of 28×28 in one gzipped IDX file, as many as MNIST has and as well compressible, since they are the embedded ones six times over: read into a
/// table of float32 pixels, against the bare gzip stream read to its end. FEDPURE_MNIST names a folder of MNIST's own files, which then take their place.
/// </summary>
public class IdxLoad
{
    private const int Copies = 6;

    private string? _folder;
    private string _images = "", _labels = "";
    private byte[] _buffer = [];

    [GlobalSetup]
    public void Setup()
    {
        string files = Environment.GetEnvironmentVariable("FEDPURE_MNIST") ?? WriteCopies();
        (_images, _labels) = (Directory.GetFiles(files, "*train-images*").Single(), Directory.GetFiles(files, "*train-labels*").Single());
        _buffer = new byte[1 << 16];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, Description = "FedPure: gzipped IDX to float32 pixels")]
    public ExampleTable Load() => IdxImages.Read(File.OpenRead(_images), _images, File.OpenRead(_labels), _labels);

    [Benchmark(Description = "the gzip stream alone")]
    public long Gzip()
    {
        using var stream = new GZipStream(new FileStream(_images, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), CompressionMode.Decompress);
        long total = 0;
        for (int count; (count = stream.Read(_buffer)) > 0;) total += count;
        return total;
    }

    private string WriteCopies()
    {
        var digits = DigitsDataset.Load().Train;
        var clients = new Dictionary<string, int>();
        for (int copy = 0; copy < Copies; copy++)
        {
            foreach (string id in digits.ClientIds) clients.Add($"{copy}{id}", digits.GetClient(id).Count);
        }

        var copies = new LazyFederatedDataset(digits.Element, clients, id => Own(digits.GetClient(id[1..])), new ClientCache(0));
        _folder = Directory.CreateTempSubdirectory("fedpure-idx").FullName;
        IdxWriter.Write(_folder, new FederatedSplits([new(FederatedSplits.TrainName, copies)]));
        return _folder;
    }

    private static ExampleTable Own(ClientDataset client)
    {
        var (features, labels) = (new float[client.Count * client.FeatureCount], new int[client.Count]);
        for (int i = 0; i < client.Count; i++)
        {
            client.Features(i).CopyTo(features.AsSpan(i * client.FeatureCount));
            labels[i] = client.Label(i);
        }

        return new ExampleTable(features, labels, client.Examples.Shape);
    }
}
