using System.CommandLine;
using FedPure.Cli.Output;

namespace FedPure.Cli.Options;

/// <summary>How a command that trains or evaluates runs and prints.</summary>
internal sealed class RunSettings
{
    /// <summary>Examples in a batch.</summary>
    public Setting<int> Batch { get; } = new("--batch", "N", "Examples in a batch.", Number.AtLeastOne, "20");

    /// <summary>Clients at work at a time.</summary>
    public Setting<int> Threads { get; } = new("--threads", "N", "Clients at work at a time; the result does not depend on it.", Number.AtLeastOne, Environment.ProcessorCount, "all cores");

    /// <summary>JSON Lines instead of lines for people.</summary>
    public Flag Json { get; } = Flag.Json();

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [Batch, Threads, Json];

    /// <summary>The format asked for.</summary>
    public IEventFormat Format(ParseResult result) => Json.IsSet(result) ? new JsonLines() : new PlainLines();
}
