namespace FedPure.Cli.Options;

/// <summary>What an option takes, for its help: one form below the other.</summary>
internal static class HelpLines
{
    /// <summary>A line for each form, with its meaning in brackets where the form does not say it all; it starts with the end of the line before.</summary>
    public static string Of(IEnumerable<(string Form, string? Meaning)> forms) =>
        string.Concat(forms.Select(form => form.Meaning is null ? $"\n  {form.Form}" : $"\n  {form.Form} ({form.Meaning})"));
}
