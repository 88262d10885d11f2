namespace FedPure.Data;

public class BatchReaderTests
{
    private static readonly ExampleTable Table = new(Enumerable.Range(0, 200).Select(i => (float)i).ToArray(), Enumerable.Range(0, 100).ToArray(), [2]);

    [Fact]
    public void FeaturesBelongToTheirLabelsInEveryOrder()
    {
        var rows = new[] { 7, 3, 3, 99, 50 };
        var reader = new BatchReader();
        foreach (var pipeline in new[] { InputPipeline.Examples.Batch(2), InputPipeline.Examples.Repeat(3).Shuffle(4, 9).Batch(4), InputPipeline.Examples.Batch(100) })
        {
            reader.Begin(new ClientDataset("c", Table, new RowSet(rows)) { Pipeline = pipeline });
            int seen = 0;
            while (reader.Read(out var batch))
            {
                for (int i = 0; i < batch.Rows; i++) Assert.Equal([2f * batch.Labels[i], 2f * batch.Labels[i] + 1], batch.Features.Slice(2 * i, 2).ToArray());
                seen += batch.Rows;
            }

            Assert.True(seen is 5 or 15);
        }
    }

    [Fact]
    public void NeighbouringRowsAreReadInPlace()
    {
        var reader = new BatchReader();
        reader.Begin(new ClientDataset("c", Table, new RowSet(10, 20)) { Pipeline = InputPipeline.Examples.Batch(20) });
        Assert.True(reader.Read(out var batch));
        Assert.True(batch.Features.Overlaps(Table.Features.Span));
    }

    [Fact]
    public void ReadingAgainAllocatesNothing()
    {
        var client = new ClientDataset("c", Table, new RowSet(0, 100)) { Pipeline = InputPipeline.Examples.Repeat(5).Shuffle(30, 1).Batch(7) };
        var reader = new BatchReader();
        ReadAll();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int rows = ReadAll();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(500, rows);
        Assert.Equal(0, allocated);

        int ReadAll()
        {
            int count = 0;
            reader.Begin(client);
            while (reader.Read(out var batch)) count += batch.Rows;
            return count;
        }
    }

    [Fact]
    public void AnUnbatchedClientSaysWhatIsMissing()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new BatchReader().Begin(new ClientDataset("c", Table, new RowSet(0, 1))));
        Assert.Contains("'c' is not batched: give it a pipeline that ends with .Batch(size)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StagesRefuseWhatMakesNoSense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => InputPipeline.Examples.Repeat(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputPipeline.Examples.Shuffle(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputPipeline.Examples.Batch(0));
        Assert.Throws<InvalidOperationException>(() => InputPipeline.Examples.Batch(1).Repeat(2));
        Assert.Throws<InvalidOperationException>(() => InputPipeline.Examples.Batch(1).Batch(2));
    }

    [Fact]
    public void AClientWithoutExamplesHasNoBatch()
    {
        var reader = new BatchReader();
        reader.Begin(new ClientDataset("c", Table, new RowSet(0, 0)) { Pipeline = InputPipeline.Examples.Repeat(5).Shuffle(100, 1).Batch(20) });
        Assert.False(reader.Read(out _));
    }
}
