using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>A number in a spec, key=value.</summary>
/// <param name="Key">What is typed before the equals sign.</param>
/// <param name="Default">The text that stands for what is not typed, or a capital letter where it must be.</param>
/// <param name="Range">Where the number may lie; <see cref="Interval.Flag"/> is typed true or false, <see cref="Interval.AtLeastOne"/> a whole number.</param>
/// <param name="Meaning">What the key stands for where it does not say so itself.</param>
internal sealed record SpecNumber(string Key, string Default, Interval Range, string? Meaning = null)
{
    /// <summary>For what is one of some words and no number: these, of which the value is the place from 0.</summary>
    public string[]? Words { get; init; }

    /// <summary>For what only some words of another number's give a meaning: that number's key, and these words with the default that each goes with.</summary>
    public (string Key, (string Word, string Default)[] Words)? OnlyWith { get; init; }

    public bool IsRequired => Default is [>= 'A' and <= 'Z'];

    /// <exception cref="UsageException">The text is no such number, or out of its range.</exception>
    public double Parse(Spec spec, string text)
    {
        string place = $"{spec.Option} {spec.Name} {Key}";
        if (Range == Interval.Flag) return Names.Require(place, text, "true", "false") == "true" ? 1 : 0;
        if (Words is not null) return Array.IndexOf(Words, Names.Require(place, text, Words));
        if (Range == Interval.AtLeastOne) return Number.AtLeastOne(place, text);
        double value = Number.Double(place, text);
        return Range.Contains(value) && Range.Contains((float)value)
            ? value : throw spec.Error($"{(Meaning is null ? "" : $"the {Meaning} ")}{Key} must be {Range.Text} in float32");
    }
}

/// <summary>A name with its numbers, and what they make: the one table entry behind both the parsing and the help of a spec.</summary>
/// <param name="Name">What is typed before the colon.</param>
/// <param name="Numbers">What may be typed after it.</param>
/// <param name="Create">Makes the thing of its numbers, by key.</param>
/// <param name="Formula">For the help, where the name does not say it all.</param>
internal sealed record SpecForm<T>(string Name, SpecNumber[] Numbers, Func<Spec, IReadOnlyDictionary<string, double>, T> Create, string? Formula = null)
{
    /// <summary>Whether the name alone stands for the form with all defaults.</summary>
    public bool CanStandAlone { get; init; }

    /// <summary>The form with its defaults, such as sgd:lr=0.01,momentum=0,nesterov=false; in brackets where it can do without them.</summary>
    public string Text
    {
        get
        {
            string numbers = string.Join(',', Numbers.Select(number => $"{number.Key}={number.Default}"));
            return Numbers.Length == 0 ? Name : CanStandAlone ? $"{Name}[:{numbers}]" : $"{Name}:{numbers}";
        }
    }

    /// <summary>What the text names among these forms.</summary>
    /// <exception cref="UsageException">It names nothing, or its numbers are wrong.</exception>
    public static T Parse(string option, string text, SpecForm<T>[] forms)
    {
        string name = Names.Require(option, text.Split(':', 2)[0], [.. forms.Select(form => form.Name)]);
        var form = Array.Find(forms, form => form.Name == name)!;
        var spec = Spec.Parse(option, text, form.Text);
        var typed = spec.Rest.Length == 0 ? [] : spec.Pairs([.. form.Numbers.Select(number => number.Key)]);
        if (Array.Find(form.Numbers, number => number.IsRequired && !typed.ContainsKey(number.Key)) is { } missing)
            throw spec.Error($"{missing.Key} is missing; its form is {form.Text}");
        var values = form.Numbers.ToDictionary(number => number.Key, number => number.Parse(spec, typed.GetValueOrDefault(number.Key, number.Default)));
        foreach (var number in form.Numbers)
        {
            if (number.OnlyWith is not (var key, var words)) continue;
            string word = form.Numbers.Single(other => other.Key == key).Words![(int)values[key]];
            var (meant, standard) = Array.Find(words, with => with.Word == word);
            if (!typed.ContainsKey(number.Key)) values[number.Key] = number.Parse(spec, standard ?? number.Default);
            else if (meant is null)
                throw spec.Error($"{number.Key} is for {key}={Names.List("or", [.. words.Select(with => with.Word)])}; leave it out with {key}={word}");
        }

        return form.Create(spec, values);
    }

    /// <summary>The forms with their defaults for a help text, each on a line of its own.</summary>
    public static string Help(SpecForm<T>[] forms) => HelpLines.Of(forms.Select(form => (form.Text, form.Formula)));
}
