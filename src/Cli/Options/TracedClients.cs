using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Data;
using FedPure.Data.Sampling;

namespace FedPure.Cli.Options;

/// <summary>
/// trace:N,FILE: up to N clients a round of those that a recorded trace says are available: {"period": 24, "clients": {"a": [[0, 8], [20, 24]], ...}}.
/// </summary>
internal sealed record TracedClients(int Count, string Path) : ClientSelection
{
    private const string Form = "an object with period, a number of rounds, and clients, for each id a list of [from, to) within it, "
        + "such as {\"period\": 24, \"clients\": {\"a\": [[0, 8]]}}";

    public override bool IsByRound => true;

    public override IClientSampler Choose(IFederatedDataset data, int rounds, long seed)
    {
        if (Count > data.ClientIds.Length) throw TooMany($"trace:{Count}", data);
        if (!File.Exists(Path)) throw new FileNotFoundException($"{Option}: there is no file {Path}; trace: takes a JSON file, {Form}.");
        var (period, intervals) = Read();
        if (intervals.Keys.FirstOrDefault(id => !data.Has(id)) is { } unknown)
            throw new DataFormatException(Path, new UnknownClientException(unknown, data.ClientIds).Message);
        try
        {
            return new AvailableSampler(
                data.ClientIds, Count, new AvailabilityTrace(period, [.. data.ClientIds.Select(id => intervals.GetValueOrDefault(id, []))]), seed);
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException(Path, UsageException.Sentence(e), e);
        }
    }

    private (int Period, Dictionary<string, ImmutableArray<(int From, int To)>> Intervals) Read()
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var clients = json.RootElement.GetProperty("clients").EnumerateObject();
            return (
                json.RootElement.GetProperty("period").GetInt32(),
                clients.ToDictionary(
                    client => client.Name, client => client.Value.EnumerateArray().Select(Interval).ToImmutableArray(), StringComparer.Ordinal));
        }
        catch (JsonException e)
        {
            throw new DataFormatException(Path, $"line {e.LineNumber + 1} is no JSON, or names a client twice; it should be {Form}.", e);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DataFormatException(Path, $"it is not {Form}.", e);
        }
    }

    private static (int From, int To) Interval(JsonElement interval) =>
        interval.EnumerateArray().Select(round => round.GetInt32()).ToArray() is [var from, var to]
        ? (from, to)
        : throw new FormatException("An interval has two numbers.");
}
