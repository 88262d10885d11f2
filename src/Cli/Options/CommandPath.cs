using System.CommandLine;

namespace FedPure.Cli.Options;

/// <summary>A command as a user types it.</summary>
internal static class CommandPath
{
    /// <summary>Such as fedpure data info.</summary>
    public static string Of(Command command) => command is RootCommand ? "fedpure" : $"{Of(command.Parents.OfType<Command>().First())} {command.Name}";
}
