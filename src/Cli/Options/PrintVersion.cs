using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using FedPure.Cli.Output;

namespace FedPure.Cli.Options;

/// <summary>Prints the version of this program, which is not the entry assembly in every process that runs it.</summary>
internal sealed class PrintVersion(Terminal terminal) : SynchronousCommandLineAction
{
    /// <summary>Such as 0.1.0, without the commit that a build may append.</summary>
    public static string Version { get; } =
        typeof(PrintVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        terminal.Print(Version);
        return 0;
    }
}
