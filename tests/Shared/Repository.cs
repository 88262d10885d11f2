using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace FedPure.TestData;

/// <summary>Files of the repository, found from wherever the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static JsonNode GoldenJson(string path) => JsonNode.Parse(File.ReadAllText(Golden(path)))!;

    /// <summary>Raw little-endian float32; the tests run on little-endian machines only.</summary>
    public static float[] GoldenFloats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Golden(path))).ToArray();

    /// <summary>Where a golden file lies.</summary>
    public static string Golden(string path) => Path.Combine(Root, "tests", "golden", path);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "FedPure.sln"))) return folder;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds FedPure.sln.");
    }
}
