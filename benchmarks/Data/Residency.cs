using System.Diagnostics;
using System.Globalization;
using FedPure.Data;
using FedPure.Data.Partitioning;
using FedPure.Data.Readers;
using FedPure.Data.Sampling;
using FedPure.Data.Synthetic;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;
using FedPure.Sqlite;

namespace FedPure.Benchmarks.Data;

/// <summary>
/// Resident memory against the number of clients: of a TensorFlow Federated file that is read on demand, and of what is known of very many clients. Each line
/// of the tables is a process of its own, which says at its end how large it is and was.
/// </summary>
internal static class Residency
{
    private const int Examples = 10, Million = 1_000_000;
    private const long CacheBytes = 16 << 20;

    // What a child process measures.
    private const string EveryClient = "every-client", Nothing = "nothing", Views = "views", File = "file", Round = "round";

    /// <summary>Prints both tables.</summary>
    /// <param name="mnist">A folder of MNIST's IDX files; null for as many images that are made up.</param>
    public static int Run(string? mnist)
    {
        string folder = Directory.CreateTempSubdirectory("fedpure-residency").FullName;
        try
        {
            Console.WriteLine("| clients, each read once | examples, MB as float32 | cache, MB | managed heap, MB | resident, MB | at most, MB |");
            Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
            foreach (int clients in (int[])[100, 1000, 10_000]) Child(EveryClient, Write(folder, clients, Examples, [28, 28]));
            Console.WriteLine();
            Console.WriteLine("| what is kept | managed heap, MB | resident, MB | at most, MB |");
            Console.WriteLine("|---|--:|--:|--:|");
            Child(Nothing, folder);
            Child(Views, folder);
            Child(File, Write(folder, Million, 1, [1]));
            Child(Round, mnist ?? "");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Does one thing and prints a line of its table.</summary>
    public static int Measure(string what, string place)
    {
        object kept = what switch
        {
            EveryClient => ReadEveryClient(place),
            Views => MillionViews(),
            File => MillionInAFile(place),
            Round => RoundOfVirtualClients(place),
            _ => "",
        };
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"| {Described(what, place, kept)} | {Megabytes(GC.GetTotalMemory(forceFullCollection: true))} | {Megabytes(process.WorkingSet64)} | "
                + $"{Megabytes(process.PeakWorkingSet64)} |");
        GC.KeepAlive(kept);
        return 0;
    }

    private static string Described(string what, string place, object kept) => what switch
    {
        EveryClient when kept is (IFederatedDataset data, ClientCache cache) =>
            $"{data.ClientIds.Length:N0} | {Megabytes(4.0 * data.ExampleCount * data.Element.FeatureCount)} | {Megabytes(cache.Size)}",
        Views => "1,000,000 clients, views of as many examples of one feature: ids, ranges, 8 MB of examples",
        File => "1,000,000 clients of a file, with the places of their rows, one client read",
        Round => $"100,000 virtual clients of 50 of the 60,000 images {(place.Length > 0 ? "of MNIST" : "of 28×28")}, 188 MB; a round of 100 of them trained",
        _ => "nothing: the process alone",
    };

    private static (IFederatedDataset Data, ClientCache Cache) ReadEveryClient(string file)
    {
        var cache = new ClientCache(CacheBytes);
        var data = Open(file, cache);
        var reader = new BatchReader();
        foreach (string id in data.ClientIds)
        {
            reader.Begin(data.GetClient(id).Preprocess(InputPipeline.Examples.Batch(Examples)));
            while (reader.Read(out _))
            {
            }
        }

        return (data, cache);
    }

    private static FederatedDataset MillionViews() => new IidPartitioner(Million, 0).Partition(new ExampleTable(new float[Million], new int[Million], [1]));

    private static IFederatedDataset MillionInAFile(string file)
    {
        var data = Open(file, new ClientCache(CacheBytes));
        return data.GetClient(data.ClientIds[Million / 2]).Label(0) == 0 ? data : throw new InvalidOperationException("Every label of the file is 0.");
    }

    private static (FederatedDataset Data, object State) RoundOfVirtualClients(string mnist)
    {
        var images = mnist.Length > 0
            ? IdxImages.ReadDirectory(mnist).Single(split => split.Key == FederatedSplits.TrainName).Value
            : new GaussianBlobs(60_000, 784, 10, 1, 0).Generate();
        var data = new VirtualPartitioner(100_000, 50, 0).Partition(images);
        var process = FederatedAveraging.BuildWeighted(new Sequential(images.FeatureCount).Dense(10).SoftmaxCrossEntropy(), new Sgd(0.02f), new Sgd(1f));
        var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, seed: 1).Batch(20);
        var sampler = new UniformSampler(data.ClientIds, 100, seed: 0);
        return (data, process.Next(process.Initialize(), [.. sampler.Sample(1).Select(id => data.GetClient(id).Preprocess(pipeline))]).State);
    }

    private static IFederatedDataset Open(string file, ClientCache cache) =>
        TffFiles.Open(file, new TffOptions { Cache = cache, CacheFolder = new CacheFolder(Path.Combine(Path.GetDirectoryName(file)!, "cache")) }).Train;

    private static string Write(string folder, int clients, int examples, ReadOnlySpan<int> shape)
    {
        string file = Path.Combine(folder, "clients.sqlite");
        TffWriter.Write(file, GeneratedClients.Create(clients, examples, [.. shape]));
        return file;
    }

    private static void Child(string what, string place)
    {
        using var child = Process.Start(
            new ProcessStartInfo(
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(Residency).Assembly.Location, "residency", what, place])
            { RedirectStandardOutput = true })!;
        Console.Write(child.StandardOutput.ReadToEnd());
        child.WaitForExit();
        if (child.ExitCode != 0) throw new InvalidOperationException($"The process that should measure {what} failed.");
    }

    private static string Megabytes(double bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);
}
