namespace FedPure.Learning.Processes;

/// <summary>A client's work threw an exception, which is the inner one.</summary>
public sealed class ClientFailedException : Exception
{
    /// <summary>Names the client.</summary>
    public ClientFailedException(string clientId, Exception inner)
        : base($"Client '{clientId}' failed: {inner.Message}", inner) => ClientId = clientId;

    /// <summary>The client.</summary>
    public string ClientId { get; }
}
