namespace FedPure.Data.Readers;

/// <summary>A split that was read into memory: its table, and whose examples they are, or null for centralized data.</summary>
public sealed record TableSplit(string Name, ExampleTable Examples, FederatedDataset? Clients);
