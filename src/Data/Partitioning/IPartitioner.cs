namespace FedPure.Data.Partitioning;

/// <summary>
/// Spreads centralized examples over clients: a pure function of the labels and of what the partitioner is made of, its seed among it. Where a partitioner draws
/// shares or labels for clients, the draws do not depend on the number of examples, so that a client has the same tastes in every split.
/// </summary>
public interface IPartitioner
{
    /// <summary>The rows of each client. labels [examples].</summary>
    /// <exception cref="ArgumentException">The examples cannot be spread so.</exception>
    Partition Partition(ReadOnlySpan<int> labels);
}

/// <summary>Partitioners over tables.</summary>
public static class PartitionerExtensions
{
    /// <summary>The examples as a federated dataset whose clients are views of their rows.</summary>
    /// <exception cref="ArgumentException">The examples cannot be spread so.</exception>
    public static FederatedDataset Partition(this IPartitioner partitioner, ExampleTable examples)
    {
        ArgumentNullException.ThrowIfNull(partitioner);
        ArgumentNullException.ThrowIfNull(examples);
        return partitioner.Partition(examples.Labels.Span).Of(examples);
    }
}
