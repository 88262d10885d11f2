using FedPure.Data;

namespace FedPure.Cli.Options;

/// <summary>Looks a typed name up among those known; a name that is planned, mistyped or unknown becomes a sentence that says what there is.</summary>
internal static class Names
{
    /// <summary>The form, such as idx:DIR, whose name before the colon is the one typed.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Require(string place, string name, params ReadOnlySpan<string> forms)
    {
        foreach (string form in forms)
        {
            if (NameOf(form) == name) return form;
        }

        string known = List("or", forms);
        throw new UsageException(
            Nearest(name, forms) is { } nearest ? $"{place} takes {known}, not '{name}'; did you mean {nearest}?"
            : $"{place} takes {known}, not '{name}'.");
    }

    /// <summary>The name that differs from the typed one by a slip or two of the finger; null if none does.</summary>
    public static string? Nearest(string typed, ReadOnlySpan<string> forms)
    {
        string? nearest = null;
        int least = Math.Max(1, 2 * typed.Length / 5) + 1;
        foreach (string form in forms)
        {
            int distance = EditDistance.Between(typed, NameOf(form));
            if (distance < least) (nearest, least) = (NameOf(form), distance);
        }

        return nearest;
    }

    /// <summary>One item, or: a, b and c.</summary>
    public static string List(string conjunction, ReadOnlySpan<string> items) =>
        items is [.. [_, ..] first, var last] ? $"{string.Join(", ", first)} {conjunction} {last}" : string.Concat(items);

    private static string NameOf(string form) => form.Split([':', '['], 2)[0];
}
