using FedPure.Cli.Output;

namespace FedPure.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        using var interrupt = new CancellationTokenSource();

        // The first Ctrl-C ends the run in order; a second one ends the process at once.
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        };
        return FedPureApp.Run(args, new Terminal(Console.Out, Console.Error, LiveLine.OpenStandardError), interrupt.Token);
    }
}
