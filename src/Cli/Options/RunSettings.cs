using System.CommandLine;
using System.Globalization;
using FedPure.Cli.Commands;
using FedPure.Cli.Output;
using FedPure.Reporting.TensorBoard;

namespace FedPure.Cli.Options;

/// <summary>How a command that trains or evaluates runs and prints.</summary>
internal sealed class RunSettings
{
    /// <summary>Examples in a batch.</summary>
    public Setting<int> Batch { get; } = new("--batch", "N", "Examples in a batch.", Number.AtLeastOne, "20");

    /// <summary>Clients at work at a time.</summary>
    public Setting<int> Threads { get; } = new(
        "--threads", "N", "Clients at work at a time; the result does not depend on it.", Number.AtLeastOne, Environment.ProcessorCount, "all cores");

    /// <summary>Where event files for TensorBoard go; null for nowhere.</summary>
    public Setting<FolderPath?> LogDirectory { get; } = new(
        "--logdir", "DIR", "Folder for TensorBoard's event files: DIR/training, DIR/evaluation-SPLIT, DIR/aggregation.", FolderPath.Parse, absent: null);

    /// <summary>JSON Lines instead of lines for people.</summary>
    public Flag Json { get; } = Flag.Json();

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [Batch, Threads, LogDirectory, Json];

    /// <summary>The log asked for, with the settings of the run in it; null for none.</summary>
    public TrainingLog? OpenLog(ParseResult result)
    {
        if (LogDirectory.Read(result) is not { } folder) return null;
        var log = new TrainingLog(folder.Path);
        log.Session.HyperParameters(GivenSettings.Values(result).Select(setting => KeyValuePair.Create(
            setting.Key, double.TryParse(setting.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number : (object)setting.Value)));
        log.Session.Text(
            "run", $"""
            | | |
            |---|---|
            | command | `{GivenSettings.Command(result)}` |
            | version | {PrintVersion.Version} |
            | arithmetic | {InfoCommand.Arithmetic} |
            | cpu | {InfoCommand.Cpu()} |
            | runtime | {InfoCommand.Runtime} |
            """, 0);
        log.Flush();
        return log;
    }

    /// <summary>The format asked for.</summary>
    public IEventFormat Format(ParseResult result) => Json.IsSet(result) ? new JsonLines() : new PlainLines();
}
