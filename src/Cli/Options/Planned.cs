namespace FedPure.Cli.Options;

/// <summary>
/// The options that the command line has promised but does not have yet, so that asking for one says so; an option leaves this table when it arrives.
/// </summary>
internal static class Planned
{
    private static readonly Dictionary<string, string> InsteadOfOption = new()
    {
        ["--checkpoint"] = "--save-weights keeps the model",
        ["--resume"] = "--initial-weights continues from a saved model",
    };

    /// <summary>What serves instead of a planned option, as a clause; null if the option is not planned.</summary>
    public static string? InsteadOf(string option) => InsteadOfOption.GetValueOrDefault(option);
}
