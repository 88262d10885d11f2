using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Data;
using FedPure.Data.Sampling;

namespace FedPure.Cli.Options;

/// <summary>rounds:FILE: a JSON list with a list of client ids for each round.</summary>
internal sealed record ListedRounds(string Path) : ClientSelection
{
    public override bool IsByRound => true;

    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed)
    {
        if (!File.Exists(Path)) throw new FileNotFoundException($"{Option}: there is no file {Path}; rounds: takes a JSON list of each round's client ids.");
        var known = data.ClientIds.ToHashSet(StringComparer.Ordinal);
        ImmutableArray<ImmutableArray<string>> listed = [.. Read().Select((ids, i) => CheckRound(data, known, ids, i + 1))];
        if (listed.IsEmpty) throw new DataFormatException(Path, "it lists no round.");
        return listed.Length >= rounds
            ? ListedCohorts.ByRound(listed)
            : throw new UsageException(
                $"{Option} rounds:{Path} lists {listed.Length} rounds, but there are {rounds}; give --rounds {listed.Length}, or list more.");
    }

    private List<ImmutableArray<string>> Read()
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path));
            return [.. json.RootElement.EnumerateArray().Select(round => round.EnumerateArray().Select(Id).ToImmutableArray())];
        }
        catch (JsonException e)
        {
            throw new DataFormatException(
                Path,
                $"line {e.LineNumber + 1} is no JSON; it should be a list with a list of client ids for each round, such as [[\"a\", \"b\"], [\"b\", \"c\"]].",
                e);
        }
        catch (InvalidOperationException e)
        {
            throw new DataFormatException(Path, "it is no list with a list of client ids for each round, such as [[\"a\", \"b\"], [\"b\", \"c\"]].", e);
        }
    }

    private static string Id(JsonElement id) => id.GetString() ?? throw new InvalidOperationException("A client id is null.");

    private ImmutableArray<string> CheckRound(IFederatedDataset data, HashSet<string> known, ImmutableArray<string> ids, int round)
    {
        if (ids.GroupBy(id => id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataFormatException(Path, $"round {round} names the client '{twice.Key}' twice.");
        return ids.FirstOrDefault(id => !known.Contains(id)) is { } unknown
            ? throw new DataFormatException(Path, $"round {round}: {new UnknownClientException(unknown, data.ClientIds).Message}")
            : ids;
    }
}
