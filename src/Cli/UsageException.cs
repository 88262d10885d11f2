namespace FedPure.Cli;

/// <summary>
/// The command line itself is wrong: an unknown command, option or value, or one out of range. The message is a sentence that names it and the remedy.
/// </summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The message of a library's exception without the parameter's name, which means nothing on a command line.</summary>
    public static string Sentence(ArgumentException e) => e.Message.Split(" (Parameter")[0];
}
