using System.CommandLine;

namespace FedPure.Cli.Options;

/// <summary>An option that takes no value.</summary>
internal sealed class Flag : Option<bool>
{
    public Flag(string name, string meaning)
        : base(name)
    {
        Description = meaning;
        Arity = ArgumentArity.Zero;
    }

    /// <summary>--json.</summary>
    public static Flag Json() => new("--json", "Print JSON, one object a line, and nothing else on the standard output.");

    public bool IsSet(ParseResult result) => result.GetResult(this) is { Implicit: false };
}
