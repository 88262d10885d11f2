namespace FedPure.Cli;

/// <summary>The command line itself is wrong: an unknown command, option or value, or one out of range. The message is a sentence that names it and the remedy.</summary>
internal sealed class UsageException(string message) : Exception(message);
