using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FedPure.Cli.Options;

namespace FedPure.Cli.Commands;

/// <summary>Clients and examples of each split, for commands that read all of them.</summary>
internal sealed record SplitSizes(ImmutableArray<(string Name, int Clients, long Examples)> Splits)
{
    public static SplitSizes Of(ImmutableArray<LoadedSplit> splits) =>
        new([.. splits.Select(split => (split.Name, split.Clients?.ClientIds.Length ?? 0, split.ExampleCount))]);

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("splits");
        foreach (var (name, clients, examples) in Splits)
        {
            json.WriteStartObject(name);
            json.WriteNumber("clients", clients);
            json.WriteNumber("examples", examples);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public override string ToString() =>
        string.Join(
            ", ",
            Splits.Select(split => string.Create(CultureInfo.InvariantCulture, $"{split.Name} {split.Examples:N0} examples of {split.Clients:N0} clients")));
}
