using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Tensors;

namespace FedPure.Cli.Commands;

/// <summary>fedpure info: what this program runs on, and what its results depend on.</summary>
internal static class InfoCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Flag.Json();
        var command = new Command("info", "Shows the version, the processor, the vector widths and the arithmetic class.") { json };
        command.SetAction(result => terminal.Print(json.IsSet(result) ? Json() : Plain()));
        return command;
    }

    internal static string Arithmetic => Tensors.Arithmetic.Class == ArithmeticClass.Fused ? "fused" : "unfused";

    internal static string Runtime => $"{RuntimeInformation.FrameworkDescription} ({(RuntimeFeature.IsDynamicCodeCompiled ? "JIT" : "native AOT")})";

    /// <summary>What the results of this program and their speed depend on.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Facts =>
    [
        new("fedpure", PrintVersion.Version),
        new("cpu", $"{Cpu()}, {Environment.ProcessorCount} processors"),
        new("os", RuntimeInformation.OSDescription),
        new("runtime", Runtime),
        new(
            "vectors",
            $"{Tensors.Arithmetic.VectorBits} bits used; accelerated: "
            + (Tensors.Arithmetic.AcceleratedVectorBits is [] ? "none" : string.Join(", ", Tensors.Arithmetic.AcceleratedVectorBits.ToArray()))),
        new("arithmetic", $"{Arithmetic}: results have the same bits on every Linux x64 machine that says so"),
    ];

    private static string Plain() => string.Join(Environment.NewLine, Facts.Select(fact => $"{fact.Key,-12}{fact.Value}"));

    private static string Json() => JsonLines.Object(json =>
    {
        json.WriteString("version", PrintVersion.Version);
        json.WriteString("cpu", Cpu());
        json.WriteString("os", RuntimeInformation.OSDescription);
        json.WriteString("runtime", Runtime);
        json.WriteStartArray("accelerated_vector_bits");
        foreach (int bits in Tensors.Arithmetic.AcceleratedVectorBits) json.WriteNumberValue(bits);
        json.WriteEndArray();
        json.WriteNumber("vector_bits", Tensors.Arithmetic.VectorBits);
        json.WriteString("arithmetic", Arithmetic);
        json.WriteNumber("processors", Environment.ProcessorCount);
    });

    // Only Linux on x64 names the model in a file; elsewhere the architecture has to do.
    internal static string Cpu()
    {
        const string Path = "/proc/cpuinfo", Key = "model name";
        string? line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
