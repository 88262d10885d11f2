using System.CommandLine;
using System.CommandLine.Help;
using FedPure.Cli.Commands;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Learning.Processes;

namespace FedPure.Cli;

/// <summary>The program behind <see cref="Program"/>: arguments in, lines and an exit code out. Every way to fail ends here, in one sentence.</summary>
internal static class FedPureApp
{
    private const int Success = 0, Failure = 1, Usage = 2, Interrupted = 130;

    public static int Run(IReadOnlyList<string> args, Terminal terminal, Interrupt interrupt)
    {
        try
        {
            var parsed = Commands(terminal, interrupt).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            SyntaxCheck.Check(parsed);
            var command = parsed.CommandResult.Command;

            // Help and the version are given whatever else is on the line.
            if (parsed.Action == command.Action)
            {
                foreach (var setting in command.Options.OfType<ISetting>()) setting.Check(parsed);
            }

            parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false });
            return Success;
        }
        catch (UsageException e)
        {
            return Fail(Usage, e.Message);
        }
        catch (OperationCanceledException e)
        {
            return Fail(Interrupted, e is InterruptedException ? e.Message : "The command was interrupted; nothing was written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ClientFailedException)
        {
            return Fail(Failure, e.Message);
        }
        catch (Exception e)
        {
            return Fail(
                Failure, $"Unexpected {e.GetType().Name} ({e.Message}): this is a defect of fedpure, so please report it with the command that you gave.");
        }

        int Fail(int exitCode, string sentence)
        {
            terminal.Complain(Printable(sentence));
            return exitCode;
        }
    }

    // A message may quote a file, whose bytes must not steer the terminal; U+FFFD stands for what has no sign of its own.
    private static string Printable(string sentence) =>
        string.Concat(sentence.ReplaceLineEndings(" ").Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    private static RootCommand Commands(Terminal terminal, Interrupt interrupt)
    {
        var data = new Command("data", "What the clients' data are.")
        {
            DataInfoCommand.Create(terminal),
            DataConvertCommand.Create(terminal, interrupt),
            DataCheckCommand.Create(terminal),
            DataPartitionCommand.Create(terminal, interrupt),
        };
        var root = new RootCommand("Federated learning in pure managed C#: many clients train one model, and their data stay with them.")
        {
            TrainCommand.Create(terminal, interrupt),
            EvaluateCommand.Create(terminal, interrupt),
            ExploreCommand.Create(terminal, interrupt),
            CompareCommand.Create(terminal, interrupt),
            data,
            InfoCommand.Create(terminal),
        };
        var help = new HelpWithExample();
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion(terminal);
        root.SetAction(help.Invoke);
        data.SetAction(help.Invoke);
        return root;
    }
}
