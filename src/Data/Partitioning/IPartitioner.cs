namespace FedPure.Data.Partitioning;

/// <summary>
/// Spreads centralized examples over clients: a pure function of the labels and of what the partitioner is made of, its seed among it. Where a partitioner
/// draws shares or labels for clients, the draws do not depend on the number of examples, so that a client has the same tastes in every split.
/// </summary>
public interface IPartitioner
{
    /// <summary>
    /// Whether it matters which labels the examples have; where it does not, their number alone counts, and examples with float targets can be spread too.
    /// </summary>
    bool ReadsLabels => true;

    /// <summary>The rows of each client. labels [examples].</summary>
    /// <exception cref="ArgumentException">The examples cannot be spread so.</exception>
    Partition Partition(ReadOnlySpan<int> labels);
}

/// <summary>Partitioners over tables.</summary>
public static class PartitionerExtensions
{
    /// <summary>The examples as a federated dataset whose clients are views of their rows.</summary>
    /// <exception cref="ArgumentException">The examples cannot be spread so.</exception>
    public static FederatedDataset Partition(this IPartitioner partitioner, ExampleTable examples) => partitioner.RowsOf(examples).Of(examples);

    /// <summary>The rows of each client of a table.</summary>
    /// <exception cref="ArgumentException">The examples cannot be spread so.</exception>
    public static Partition RowsOf(this IPartitioner partitioner, ExampleTable examples)
    {
        ArgumentNullException.ThrowIfNull(partitioner);
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.TargetCount == 0) return partitioner.Partition(examples.Labels.Span);
        return !partitioner.ReadsLabels
            ? partitioner.Partition(new int[examples.Count])
            : throw new ArgumentException(
                $"The examples have float targets, but {partitioner.GetType().Name} spreads them by label; use an IID, quantity or virtual partition.",
                nameof(examples));
    }
}
