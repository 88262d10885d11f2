using System.CommandLine;

namespace FedPure.Cli.Options;

/// <summary>--json, which takes no value.</summary>
internal sealed class JsonFlag : Option<bool>
{
    public JsonFlag()
        : base("--json")
    {
        Description = "Print JSON, one object a line, and nothing else on the standard output.";
        Arity = ArgumentArity.Zero;
    }

    public bool IsSet(ParseResult result) => result.GetResult(this) is { Implicit: false };
}
