using System.Collections.Immutable;
using FedPure.Data;

namespace FedPure.Sqlite;

/// <summary>How a TensorFlow Federated file is read; what is not given is recovered from its first example.</summary>
public sealed record TffOptions
{
    /// <summary>Name of the int64 feature that is the class number.</summary>
    public string Label { get; init; } = "label";

    /// <summary>Name of the feature that models take, float or int64; null for the only one beside the label.</summary>
    public string? Feature { get; init; }

    /// <summary>
    /// Shape of one example, which a serialized list does not tell; default for n×n if the feature is called pixels and has n² values, as in federated EMNIST,
    /// and for the length of the list otherwise.
    /// </summary>
    public ImmutableArray<int> Shape { get; init; }

    /// <summary>Labels must be below this; null for any.</summary>
    public int? ClassCount { get; init; }

    /// <summary>Where unpacked files and the places of clients are kept; null for <see cref="CacheFolder.Default"/>.</summary>
    public CacheFolder? CacheFolder { get; init; }

    /// <summary>Keeps the clients read last; null for a cache of the file's own.</summary>
    public ClientCache? Cache { get; init; }
}
