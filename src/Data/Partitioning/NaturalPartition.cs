using FedPure.Data.Readers;

namespace FedPure.Data.Partitioning;

/// <summary>Clients that the data name themselves.</summary>
public static class NaturalPartition
{
    /// <summary>Each client has the rows with its id, in their order. ids [examples], such as the writer of each image.</summary>
    /// <exception cref="ArgumentException">There are not as many ids as examples.</exception>
    public static FederatedDataset ById(ExampleTable examples, IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count != examples.Count) throw new ArgumentException($"{ids.Count} ids do not fit {examples.Count} examples.", nameof(ids));
        return new FederatedDataset(examples, RowsByClient.Of(ids));
    }
}
