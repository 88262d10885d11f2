using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>Counts how often each label occurs.</summary>
public sealed class LabelCounts
{
    /// <summary>The most classes that readers take: a damaged label must not claim memory for billions.</summary>
    public const int MaxClassCount = 1 << 20;

    private long[] _counts = [];
    private int _classCount;

    /// <summary>Adds one label, 0 to <see cref="MaxClassCount"/> - 1.</summary>
    public void Add(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, MaxClassCount);
        if (label >= _counts.Length) Array.Resize(ref _counts, Math.Max(label + 1, Math.Min(MaxClassCount, 2 * _counts.Length)));
        _classCount = Math.Max(_classCount, label + 1);
        _counts[label]++;
    }

    /// <summary>Adds several labels.</summary>
    public void Add(ReadOnlySpan<int> labels)
    {
        foreach (int label in labels) Add(label);
    }

    /// <summary>Adds a client's labels, of which one with targets has none.</summary>
    public void Add(ClientDataset client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var loaded = client.InMemory();
        var labels = loaded.Examples.Labels.Span;
        for (int i = 0; i < loaded.Count && !labels.IsEmpty; i++) Add(labels[loaded.Rows[i]]);
    }

    /// <summary>The counts of the labels 0 to the largest that occurred.</summary>
    public ImmutableArray<long> ToImmutable() => ImmutableArray.Create(_counts, 0, _classCount);
}
