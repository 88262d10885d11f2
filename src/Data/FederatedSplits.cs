using System.Collections.Immutable;

namespace FedPure.Data;

/// <summary>The named parts of a federated dataset, such as train and test, over the same features and classes.</summary>
public sealed class FederatedSplits
{
    /// <summary>The name of the split that clients train on.</summary>
    public const string TrainName = "train";

    /// <summary>The name of the split that is held out.</summary>
    public const string TestName = "test";

    private readonly ImmutableArray<KeyValuePair<string, IFederatedDataset>> _splits;

    /// <summary>Splits in the order given.</summary>
    /// <exception cref="ArgumentException">There is none, or two differ in their feature count.</exception>
    public FederatedSplits(IEnumerable<KeyValuePair<string, IFederatedDataset>> splits)
    {
        _splits = [.. splits];
        if (_splits.IsEmpty) throw new ArgumentException("A dataset needs at least one split.", nameof(splits));
        Names = [.. _splits.Select(split => split.Key)];
        foreach (var (name, data) in _splits)
        {
            if (data.Element.FeatureCount != FeatureCount)
                throw new ArgumentException(
                    $"Split '{name}' has {data.Element.FeatureCount} features an example, but '{Names[0]}' has {FeatureCount}.", nameof(splits));
        }
    }

    /// <summary>The names of the splits.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The split named train.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public IFederatedDataset Train => this[TrainName];

    /// <summary>The split named test.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public IFederatedDataset Test => this[TestName];

    /// <summary>Features of one example.</summary>
    public int FeatureCount => _splits[0].Value.Element.FeatureCount;

    /// <summary>1 + the largest label over all splits.</summary>
    public int ClassCount => _splits.Max(split => split.Value.ClassCount);

    /// <summary>The split of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public IFederatedDataset this[string name]
    {
        get
        {
            foreach (var (key, data) in _splits)
            {
                if (key == name) return data;
            }

            throw new KeyNotFoundException($"There is no split '{name}'; the data have {string.Join(", ", Names)}.");
        }
    }
}
