using System.Collections.Immutable;

namespace FedPure.Reporting.Report;

/// <summary>What was run, and with what: enough to do it again.</summary>
/// <param name="Name">What the run is called beside others.</param>
/// <param name="Command">The command line, quoted for a shell; empty for a run that a program made.</param>
public sealed record RunDescription(string Name, string Command = "")
{
    /// <summary>Every setting that shapes the result, by name.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Versions and the machine, by name.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];
}

/// <summary>How far a run came.</summary>
public enum RunOutcome
{
    /// <summary>It goes on, or nobody saw its end.</summary>
    Unfinished,

    /// <summary>All rounds are done.</summary>
    Finished,

    /// <summary>It was stopped before its last round.</summary>
    Interrupted,

    /// <summary>An error ended it.</summary>
    Failed,
}

/// <summary>What a reader of a run should know of a round.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="Text">A sentence.</param>
public sealed record RunNote(int Round, string Text);
