namespace FedPure.Data;

/// <summary>Two clients of which the second cancels when it is read, so that a writer has written the first one by then.</summary>
internal static class CancellingClients
{
    public static IFederatedDataset Of(CancellationTokenSource cancel)
    {
        var table = new ExampleTable(new float[1], new int[1], [1]);
        return new LazyFederatedDataset(ElementSpec.ForExamples([1]), [new("a", 1), new("b", 1)], id =>
        {
            if (id == "b") cancel.Cancel();
            return table;
        }, new ClientCache());
    }
}
