namespace FedPure.Data.Pipeline;

/// <summary>Runs pipelines one after the other; the cursors of the last one are kept, since neighbouring clients mostly share their pipeline.</summary>
internal sealed class OrderReader
{
    private InputPipeline? _pipeline;
    private OrderCursor _cursor = new RangeCursor();

    public void Begin(InputPipeline pipeline, int exampleCount, ClientDataset? client = null)
    {
        if (!ReferenceEquals(_pipeline, pipeline))
        {
            _cursor = new RangeCursor();
            foreach (var stage in pipeline.Stages) _cursor = stage.CreateCursor(_cursor);
            _pipeline = pipeline;
        }

        _cursor.Begin(exampleCount, client);
        _cursor.BeginPass();
    }

    public void BeginNextPass() => _cursor.BeginPass();

    public int Read(Span<int> destination) => _cursor.Read(destination);
}
