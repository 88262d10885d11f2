using System.Diagnostics;
using System.Globalization;
using FedPure.Data;
using FedPure.Sqlite;

namespace FedPure.Benchmarks.Data;

/// <summary>
/// Resident memory against the number of clients of a TensorFlow Federated file that is read on demand: each size in a process of its own, which reads every client once
/// through a cache of 16 MiB and then says how large it is.
/// </summary>
internal static class Residency
{
    private const int Examples = 10;
    private const long CacheBytes = 16 << 20;

    private static readonly int[] Sizes = [100, 1000, 10_000];

    /// <summary>Prints a table.</summary>
    public static int Run()
    {
        Console.WriteLine("| clients | examples, MiB as float32 | cache, MiB | managed heap, MiB | resident, MiB |");
        Console.WriteLine("|--:|--:|--:|--:|--:|");
        string folder = Directory.CreateTempSubdirectory("fedpure-residency").FullName;
        try
        {
            foreach (int clients in Sizes)
            {
                string file = Path.Combine(folder, "clients.sqlite");
                TffWriter.Write(file, GeneratedClients.Create(clients, Examples));
                using var child = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(Residency).Assembly.Location, "residency", file]) { RedirectStandardOutput = true })!;
                Console.Write(child.StandardOutput.ReadToEnd());
                child.WaitForExit();
                if (child.ExitCode != 0) return child.ExitCode;
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Reads every client of a file, and prints a line of the table.</summary>
    public static int Measure(string file)
    {
        var cache = new ClientCache(CacheBytes);
        var data = TffFiles.Open(file, new TffOptions { Cache = cache, CacheFolder = new CacheFolder(Path.Combine(Path.GetDirectoryName(file)!, "cache")) }).Train;
        var reader = new BatchReader();
        foreach (string id in data.ClientIds)
        {
            reader.Begin(data.GetClient(id).Preprocess(InputPipeline.Examples.Batch(Examples)));
            while (reader.Read(out _))
            {
            }
        }

        GC.Collect();
        Console.WriteLine(string.Join(" | ", new[]
        {
            $"| {data.ClientIds.Length}", Mebibytes(4.0 * data.ExampleCount * data.Element.FeatureCount), Mebibytes(cache.Size), Mebibytes(GC.GetTotalMemory(forceFullCollection: false)),
            $"{Mebibytes(Process.GetCurrentProcess().WorkingSet64)} |",
        }));
        GC.KeepAlive(data);
        return 0;
    }

    private static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("F1", CultureInfo.InvariantCulture);
}
