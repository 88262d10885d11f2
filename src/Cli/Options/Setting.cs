using System.CommandLine;

namespace FedPure.Cli.Options;

/// <summary>An option whose text can be checked before any work starts.</summary>
internal interface ISetting
{
    string Name { get; }

    /// <summary>The text given, or that of the default; null for absence without a word for it.</summary>
    string? Text(ParseResult result);

    /// <summary>Throws a <see cref="UsageException"/> if the option was given a value that it does not take.</summary>
    void Check(ParseResult result);
}

/// <summary>Makes the value of an option of its text, or throws a <see cref="UsageException"/> that names the option.</summary>
internal delegate T ValueParser<out T>(string option, string text);

/// <summary>
/// An option with one value. The command-line library only cuts the line into texts; what a text means is decided here, so that every error is a sentence of
/// ours.
/// </summary>
internal sealed class Setting<T> : Option<string>, ISetting
{
    private readonly ValueParser<T> _parse;
    private readonly T _absent;
    private readonly string? _shownDefault;

    /// <summary>An option with a default that a user could have typed.</summary>
    public Setting(string name, string valueName, string meaning, ValueParser<T> parse, string defaultText)
        : this(name, valueName, meaning, parse, parse(name, defaultText), defaultText)
    {
    }

    /// <summary>An option whose absence means a value of its own, described by <paramref name="shownDefault"/> where there is something to say.</summary>
    public Setting(string name, string valueName, string meaning, ValueParser<T> parse, T absent, string? shownDefault = null)
        : base(name)
    {
        _parse = parse;
        _absent = absent;
        _shownDefault = shownDefault;
        HelpName = valueName;
        Description = shownDefault is null ? meaning : $"{meaning}{(meaning.Contains('\n', StringComparison.Ordinal) ? '\n' : ' ')}[default: {shownDefault}]";
    }

    /// <summary>The value given, or the default.</summary>
    public T Read(ParseResult result) => result.GetValue(this) is { } text ? _parse(Name, text) : _absent;

    /// <exception cref="UsageException">A flag was given that makes sense with this option only, but this option was not.</exception>
    public void Require(ParseResult result, Flag flag)
    {
        if (result.GetValue(this) is null) throw new UsageException($"{flag.Name} needs {Name} {HelpName}; add it, or leave {flag.Name} out.");
    }

    string? ISetting.Text(ParseResult result) => result.GetValue(this) ?? _shownDefault;

    void ISetting.Check(ParseResult result) => Read(result);
}
