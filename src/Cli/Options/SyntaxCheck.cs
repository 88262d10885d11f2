using System.CommandLine;
using System.CommandLine.Parsing;

namespace FedPure.Cli.Options;

/// <summary>Turns what the command-line library could not place into one sentence.</summary>
internal static class SyntaxCheck
{
    /// <exception cref="UsageException">The command line has an error.</exception>
    public static void Check(ParseResult result)
    {
        if (result.Errors.Count == 0) return;
        var command = result.CommandResult.Command;
        if (result.UnmatchedTokens is [var unknown, ..]) throw Unknown(command, unknown);
        throw result.Errors[0].SymbolResult switch
        {
            OptionResult { Option: ISetting, Tokens.Count: 0 } missing => new UsageException($"{missing.Option.Name} needs a value: {missing.Option.Name} {missing.Option.HelpName}."),
            OptionResult { Option: ISetting, Tokens.Count: > 1 } repeated => new UsageException($"{repeated.Option.Name} is given {repeated.Tokens.Count} times; give it once."),
            _ => new UsageException(result.Errors[0].Message),
        };
    }

    private static UsageException Unknown(Command command, string token)
    {
        string path = CommandPath.Of(command);
        if (!token.StartsWith('-'))
        {
            string[] subcommands = [.. command.Subcommands.Select(sub => sub.Name)];
            if (subcommands.Length > 0) Names.Require(path, token, subcommands);
            return new UsageException($"{path} takes options only, but '{token}' is none; see {path} --help.");
        }

        string name = token.Split('=', ':')[0];
        string[] known = [.. command.Options.Select(option => option.Name)];
        return new UsageException(
            Planned.InsteadOf(name) is { } instead ? $"{name} is not in this version yet; {instead}."
            : command.Subcommands.Count > 0 ? $"{path}: name a command before {name}; there is {Names.List([.. command.Subcommands.Select(sub => sub.Name)])}."
            : Names.Nearest(name, known) is { } nearest ? $"{path} has no option {name}; did you mean {nearest}? It has {Names.List(known)}."
            : $"{path} has no option {name}; it has {Names.List(known)}.");
    }
}
