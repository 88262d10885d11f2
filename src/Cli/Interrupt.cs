using System.Diagnostics.CodeAnalysis;

namespace FedPure.Cli;

/// <summary>
/// Ctrl-C or SIGTERM. The first one asks a command that waits for it to end in order, keeping what it has done; a second one, or one while no command waits,
/// ends the process at once.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "One may come until the process has ended, and a source without a timer has nothing to free.")]
internal sealed class Interrupt
{
    private readonly CancellationTokenSource _source = new();
    private volatile bool _isAwaited;

    /// <summary>The token that the first one cancels from now on.</summary>
    public CancellationToken Await()
    {
        _isAwaited = true;
        return _source.Token;
    }

    /// <summary>Takes note of one; false if the process shall end at once.</summary>
    public bool Request()
    {
        bool isFirst = _isAwaited && !_source.IsCancellationRequested;
        _source.Cancel();
        return isFirst;
    }
}
