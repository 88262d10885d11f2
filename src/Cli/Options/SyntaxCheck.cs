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
        var settings = result.CommandResult.Children.OfType<OptionResult>().Where(option => option.Option is ISetting).ToList();

        // An option without a value swallows the next one, and what follows that is then left over; the cause comes first.
        if (settings.Find(option => option.Tokens is [] or [{ Value: ['-', '-', ..] }, ..]) is { Option: var missing })
            throw new UsageException($"{missing.Name} needs a value: {missing.Name} {missing.HelpName}.");
        if (result.UnmatchedTokens is [var unknown, ..]) throw Unknown(command, unknown);
        throw new UsageException(
            settings.Find(option => option.Tokens.Count > 1) is { } repeated
                ? $"{repeated.Option.Name} is given {repeated.Tokens.Count} times; give it once."
                : result.Errors[0].Message);
    }

    /// <summary>What is wrong with a word that the command does not take.</summary>
    public static UsageException Unknown(Command command, string token)
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
            : command.Subcommands.Count > 0 ? $"{path} takes a command before {name}: {Names.List("or", [.. command.Subcommands.Select(sub => sub.Name)])}."
            : Names.Nearest(name, known) is { } nearest ? $"{path} has no option {name} (did you mean {nearest}?), but it has {Names.List("and", known)}."
            : $"{path} has no option {name}, but it has {Names.List("and", known)}.");
    }
}
