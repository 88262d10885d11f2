using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FedPure.Cli.Options;

/// <summary>A command's help, and a line to try.</summary>
internal sealed class HelpWithExample : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["fedpure"] = "fedpure train",
        ["fedpure train"] = "fedpure train --clients first:20 --rounds 5 --model mlp:200 --save-weights model.f32",
        ["fedpure evaluate"] = "fedpure evaluate --model mlp:200 --weights model.f32",
        ["fedpure explore"] = "fedpure explore --data synthetic --report data.html",
        ["fedpure compare"] = "fedpure compare first.html second.html --out compare.html",
        ["fedpure data"] = "fedpure data info",
        ["fedpure data info"] = "fedpure data info --data idx:mnist --partition iid:100",
        ["fedpure data convert"] = "fedpure data convert --data digits --to tff:digits.sqlite",
        ["fedpure data check"] = "fedpure data check --data tff:digits.sqlite",
        ["fedpure data partition"] = "fedpure data partition --data idx:mnist --partition dirichlet:100,0.5 --lock mnist-dirichlet.json",
        ["fedpure info"] = "fedpure info --json",
    };

    private readonly HelpAction _help = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        if (Examples.TryGetValue(CommandPath.Of(parseResult.CommandResult.Command), out string? example))
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {example}");
        return 0;
    }
}
