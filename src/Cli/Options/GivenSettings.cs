using System.CommandLine;
using FedPure.Cli.Commands;
using FedPure.Reporting.Report;

namespace FedPure.Cli.Options;

/// <summary>A command line as a person would repeat it, and what its settings come to.</summary>
internal static class GivenSettings
{
    // These say where results go and how fast they come, not what they are.
    private static readonly string[] WithoutInfluence = ["--threads", "--save-weights", "--logdir", "--report"];

    /// <summary>The command with its arguments, quoted for a shell where they need it.</summary>
    public static string Command(ParseResult result) => string.Join(' ', result.Tokens.Select(token => Quoted(token.Value)).Prepend("fedpure"));

    /// <summary>
    /// Every setting that shapes the result, by its name without dashes: the value given or the default. Those that are absent and have none are left out.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Values(ParseResult result) =>
        from setting in result.CommandResult.Command.Options.OfType<ISetting>()
        where !WithoutInfluence.Contains(setting.Name)
        let text = setting.Text(result)
        where text is not null
        select KeyValuePair.Create(setting.Name.TrimStart('-'), text);

    /// <summary>What a report says of the command line, under the name of its file.</summary>
    public static RunDescription Describe(ParseResult result, ReportPath report) => new(Path.GetFileNameWithoutExtension(report.Path), Command(result))
    {
        Settings = [.. Values(result)],
        Environment = [.. InfoCommand.Facts],
    };

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:,=+@%".Contains(c)) ? argument : $"'{argument.Replace("'", "'\\''")}'";
}
