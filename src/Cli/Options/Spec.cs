namespace FedPure.Cli.Options;

/// <summary>The text of an option that names a thing and its particulars: name, name:REST, name:a,b or name:key=value,key=value.</summary>
internal sealed record Spec(string Option, string Text, string Name, string Rest)
{
    /// <summary>Cuts a text at its first colon and checks the name against the forms known; a form says with a colon that it has
    /// particulars, and in brackets that it can do without.</summary>
    public static Spec Parse(string option, string text, params ReadOnlySpan<string> forms)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        var spec = colon < 0 ? new Spec(option, text, text, "") : new Spec(option, text, text[..colon], text[(colon + 1)..]);
        string form = Names.Require(option, spec.Name, forms);
        bool wantsRest = form.Contains(':', StringComparison.Ordinal), canDoWithout = form.Contains("[:", StringComparison.Ordinal);
        if (wantsRest && !(canDoWithout && colon < 0) && spec.Rest.Length == 0)
            throw spec.Error($"its form is {form}, and what comes after the colon is missing");
        if (!wantsRest && colon >= 0) throw spec.Error($"'{spec.Name}' takes nothing after it");
        return spec;
    }

    /// <summary>Cuts a text at its plus signs, but for those of numbers such as 1e+6.</summary>
    public static IReadOnlyList<string> Chain(string text)
    {
        var parts = new List<string>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '+' || (i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))) continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        return [.. parts, text[start..]];
    }

    /// <summary>A value parser for an option that is one name of several.</summary>
    public static ValueParser<string> OneOf(params string[] names) => (option, text) => Parse(option, text, names).Name;

    /// <summary>The particulars as one whole number of at least 1.</summary>
    public int AtLeastOne() => Number.AtLeastOne($"{Option} {Name}", Rest);

    /// <summary>The particulars as a list.</summary>
    public string[] List()
    {
        var items = Rest.Split(',');
        return items.Contains("") ? throw Error("its list has an empty entry; separate entries by single commas") : items;
    }

    /// <summary>The particulars as values by key.</summary>
    public Dictionary<string, string> Pairs(params ReadOnlySpan<string> keys)
    {
        var pairs = new Dictionary<string, string>();
        foreach (string item in List())
        {
            if (item.Split('=', 2) is not [var key, var value]) throw Error($"'{item}' is no key=value; its keys are {Names.List("and", keys)}");
            Names.Require($"{Option} {Name}", key, keys);
            if (!pairs.TryAdd(key, value)) throw Error($"{key} is given twice");
        }

        return pairs;
    }

    /// <summary>The exception that says what is wrong with this text.</summary>
    public UsageException Error(string reason) => new($"{Option} {Text}: {reason}.");
}
