using System.Runtime.InteropServices;
using FedPure.Cli.Output;

namespace FedPure.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        var interrupt = new Interrupt();
        Console.CancelKeyPress += (_, e) => e.Cancel = e.SpecialKey == ConsoleSpecialKey.ControlC && interrupt.Request();

        // How schedulers and containers stop a program.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = interrupt.Request());
        return FedPureApp.Run(args, Terminal.OfProcess(), interrupt);
    }
}
