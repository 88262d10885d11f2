using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FedPure.Learning.Processes;

/// <summary>
/// What clients keep from round to round, as a part of the server's state: a buffer for each client that has taken part, and nothing for those that have not. A
/// client's buffer is read and written by that client's work alone. Memory: 4 bytes a float and client seen; states of consecutive rounds share all buffers but
/// those of the cohort.
/// </summary>
internal static class ClientBuffers
{
    public static ImmutableDictionary<string, ImmutableArray<float>> None { get; } = ImmutableDictionary.Create<string,
    ImmutableArray<float>>(StringComparer.Ordinal);

    /// <summary>A client's buffer; empty if it keeps none.</summary>
    public static ReadOnlySpan<float> Of(this ImmutableDictionary<string, ImmutableArray<float>> buffers, string clientId) =>
        buffers.TryGetValue(clientId, out var buffer) ? buffer.AsSpan() : default;
}

/// <summary>
/// The buffers that the clients of a round leave, gathered by a worker. Each client writes its own once, so that neither order nor grouping shows.
/// </summary>
internal sealed class BufferWrites
{
    private readonly List<KeyValuePair<string, ImmutableArray<float>>> _writes = [];

    public void Begin() => _writes.Clear();

    /// <summary>Replaces a client's buffer by this one, which is the state's from now on.</summary>
    public void Write(string clientId, float[] buffer) => _writes.Add(new(clientId, ImmutableCollectionsMarshal.AsImmutableArray(buffer)));

    public void Merge(BufferWrites other) => _writes.AddRange(other._writes);

    public ImmutableDictionary<string, ImmutableArray<float>> ApplyTo(ImmutableDictionary<string, ImmutableArray<float>> buffers) => buffers.SetItems(_writes);
}
