using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Data;

namespace FedPure.Cli.Options;

/// <summary>A JSON list with the coarse label of each label, such as [4, 1, 14, ...] for CIFAR-100.</summary>
internal static class CoarseLabels
{
    /// <exception cref="IOException">There is no such file, or it is no such list.</exception>
    public static ImmutableArray<int> Read(string option, string path)
    {
        const string Form = "a JSON list with the coarse label of each label, whole numbers from 0, such as [4, 1, 14]";
        if (!File.Exists(path)) throw new FileNotFoundException($"{option} pachinko: there is no file {path}; it takes {Form}.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            ImmutableArray<int> labels = [.. json.RootElement.EnumerateArray().Select(label => label.GetInt32())];
            return labels.All(label => label >= 0) ? labels : throw new FormatException("A label is negative.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new DataFormatException(path, $"it is not {Form}.", e);
        }
    }
}
