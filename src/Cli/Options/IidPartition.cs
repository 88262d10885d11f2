using FedPure.Data.Partitioning;

namespace FedPure.Cli.Options;

/// <summary>--partition iid:N: the same N client ids in every split.</summary>
internal sealed record IidPartition(int ClientCount)
{
    public static IidPartition? Parse(string option, string text) => new(Spec.Parse(option, text, "iid:N").AtLeastOne());

    /// <summary>Spreads the examples of a centralized split over the clients.</summary>
    public LoadedSplit Apply(LoadedSplit split, long seed) =>
        split.ExampleCount >= ClientCount
            ? split with { Clients = new IidPartitioner(ClientCount, seed).Partition(split.Examples!) }
            : throw new UsageException(
                $"--partition iid:{ClientCount}: the split '{split.Name}' has {split.ExampleCount} examples, and each client needs one; give a smaller number of clients.");
}
