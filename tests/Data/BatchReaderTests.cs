using FedPure.Data.Random;

namespace FedPure.Data;

public class BatchReaderTests
{
    private static readonly ExampleTable Table = new(Enumerable.Range(0, 200).Select(i => (float)i).ToArray(), Enumerable.Range(0, 100).ToArray(), [2]);

    [Fact]
    public void FeaturesBelongToTheirLabelsInEveryOrder()
    {
        var rows = new[] { 7, 3, 3, 99, 50 };
        var reader = new BatchReader();
        foreach (
            var pipeline in new[] { InputPipeline.Examples.Batch(2), InputPipeline.Examples.Repeat(3).Shuffle(4, 9).Batch(4), InputPipeline.Examples.Batch(100) })
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
    public void TargetsBelongToTheirFeaturesInEveryOrder()
    {
        var table = new ExampleTable(Enumerable.Range(0, 10).Select(i => (float)i).ToArray(), Enumerable.Range(0, 30).Select(i => i / 3f).ToArray(), 3, [1]);
        var reader = new BatchReader();
        foreach (var rows in new[] { new RowSet(2, 7), new RowSet(new[] { 9, 0, 4 }) })
        {
            var client = new ClientDataset("c", table, rows) { Pipeline = InputPipeline.Examples.Shuffle(3, 5).Batch(2) };
            Assert.Equal([rows[1], rows[1] + 1 / 3f, rows[1] + 2 / 3f], client.Targets(1).ToArray(), (x, y) => Math.Abs(x - y) < 1e-6f);
            reader.Begin(client);
            int seen = 0;
            for (; reader.Read(out var batch); seen += batch.Rows)
            {
                Assert.True(batch.Labels.IsEmpty);
                Assert.Equal(3 * batch.Rows, batch.Targets.Length);
                for (int i = 0; i < batch.Rows; i++)
                    Assert.Equal(table.Targets.Slice(3 * (int)batch.Features[i], 3).ToArray(), batch.Targets.Slice(3 * i, 3).ToArray());
            }

            Assert.Equal(rows.Count, seen);
        }
    }

    [Fact]
    public void ABatchsKeyIsThatOfItsNumber()
    {
        var client = new ClientDataset("c", Table, new RowSet(0, 10)) { Pipeline = InputPipeline.Examples.Batch(4) };
        var reader = new BatchReader();
        var key = RandomKey.FromSeed(3).Fold("c");
        reader.Begin(client, key);
        for (ulong i = 0; i < 3; i++)
        {
            Assert.True(reader.Read(out var batch));
            Assert.Equal(key.Fold(i), batch.Key);
        }

        reader.Begin(client);
        Assert.True(reader.Read(out var without));
        Assert.Equal(default, without.Key);
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
        var pipeline = InputPipeline.Examples.Repeat(5).Shuffle(30, 1).Batch(7);
        var client = new ClientDataset("c", Table, new RowSet(0, 100)) { Pipeline = pipeline };
        var reader = new BatchReader();
        AssertNothingAllocated();
        client = new ClientDataset("t", new ExampleTable(new float[200], new float[300], 3, [2]), new RowSet(0, 100)) { Pipeline = pipeline };
        AssertNothingAllocated();

        void AssertNothingAllocated()
        {
            ReadAll();
            long before = GC.GetAllocatedBytesForCurrentThread();
            int rows = ReadAll();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(500, rows);
            Assert.Equal(0, allocated);
        }

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
