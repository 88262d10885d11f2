namespace FedPure.Cli;

/// <summary>The user ended the run. The message is a sentence that says what is left of it.</summary>
internal sealed class InterruptedException(string message, Exception cause) : OperationCanceledException(message, cause);
