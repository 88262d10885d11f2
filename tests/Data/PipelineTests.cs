using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FedPure.Data;

/// <summary>Stages in any order, against the same pipeline over lists; and prefetching, which changes nothing.</summary>
public class PipelineTests
{
    private static readonly ClientDataset Twenty = Client(20);

    [Fact]
    public void TakeAndSkipCutWhatComesBeforeThem()
    {
        Assert.Equal([0, 1, 2, 0, 1, 2], InputPipeline.Examples.Take(3).Repeat(2).Order(10));
        Assert.Equal([0, 1, 2, 0], InputPipeline.Examples.Repeat(2).Take(4).Order(3));
        Assert.Equal([8, 9, 8, 9], InputPipeline.Examples.Skip(8).Repeat(2).Order(10));
        Assert.Equal([1, 2, 0, 1, 2], InputPipeline.Examples.Repeat(2).Skip(1).Order(3));
        Assert.Empty(InputPipeline.Examples.Skip(11).Order(10));
        Assert.Empty(InputPipeline.Examples.Take(0).Order(10));
        Assert.Equal(Enumerable.Range(100, 900), InputPipeline.Examples.Skip(100).Order(1000));
    }

    [Property]
    public Property StagesInAnyOrderAreThoseOverLists(byte[] choices)
    {
        var pipeline = InputPipeline.Examples;
        IEnumerable<int> list = Enumerable.Range(0, 20);
        foreach (byte choice in choices.Take(6))
        {
            int n = choice / 4 % 5 + 1;
            (pipeline, list) = (choice % 4) switch
            {
                0 => (pipeline.Take(3 * n), list.Take(3 * n)),
                1 => (pipeline.Skip(n), list.Skip(n)),
                2 => (pipeline.Repeat(n), Enumerable.Repeat(list.ToList(), n).SelectMany(all => all)),
                _ => (pipeline.Filter((_, label) => label % (n + 1) != 0), list.Where(label => label % (n + 1) != 0)),
            };
            list = list.ToList();
        }

        return pipeline.Order(Twenty).SequenceEqual(list).ToProperty();
    }

    [Property]
    public Property ExamplesAreCountedWithoutReadingThem(byte[] choices, byte count, bool dropRemainder)
    {
        var pipeline = InputPipeline.Examples;
        foreach (byte choice in choices.Take(6))
        {
            int n = choice / 4 % 5 + 1;
            pipeline = (choice % 4) switch { 0 => pipeline.Take(3 * n), 1 => pipeline.Skip(n), 2 => pipeline.Repeat(n), _ => pipeline.Shuffle(n, seed: 1) };
        }

        int expected = pipeline.Order(count).Length;
        return (
            pipeline.CountExamples(count) == expected
                && pipeline.Batch(7, dropRemainder).CountExamples(count) == (dropRemainder ? expected / 7 * 7 : expected)).ToProperty();
    }

    [Fact]
    public void AFilterSeesTheMapsBeforeItAndNotThoseAfter()
    {
        var doubled = InputPipeline.Examples.Map(Double).Filter((features, label) => features[0] >= 10 && label >= 1005).Map(Double).Batch(4);
        Assert.Equal([(20f, 2005), (24f, 2006), (28f, 2007), (32f, 2008), (36f, 2009)], Read(Client(10), doubled).SelectMany(batch => batch));
        var client = Client(10);
        Assert.Equal(5f, client.Features(5)[0]);

        static void Double(Span<float> features, ref int label)
        {
            features[0] *= 2;
            label += 1000;
        }
    }

    [Fact]
    public void ExamplesWithTargetsAreMappedFilteredPrefetchedAndJoined()
    {
        var table = new ExampleTable(new float[] { 1, 2, 3, 4 }, new float[] { 10, 20, 30, 40 }, 1, [1]);
        var pipeline = InputPipeline.Examples.Map((Span<float> features, ref int _) => features[0] *= 2).Filter(
            (features, label) => features[0] != 4 && label == 0);
        var client = new ClientDataset("c", table, new RowSet(new[] { 3, 1, 0 })).Preprocess(pipeline);
        var joined = new FederatedDataset(table, [new("a", client.Rows)]).Preprocess(pipeline).CreateDatasetFromAllClients(seed: 0);
        foreach (
            var either in (ClientDataset[])[client.Preprocess(pipeline.Batch(4)), client.Preprocess(pipeline.Batch(4).Prefetch(1)), joined.Preprocess(InputPipeline.Examples.Batch(4))])
        {
            var reader = new BatchReader();
            reader.Begin(either);
            Assert.True(reader.Read(out var batch));
            Assert.Equal([8f, 2f], batch.Features.ToArray());
            Assert.Equal([40f, 10f], batch.Targets.ToArray());
            Assert.Equal((2, 0), (batch.Rows, batch.Labels.Length));
        }
    }

    [Fact]
    public void AReshuffledSourceIsNotReadAhead()
    {
        // A buffer of 1 changes no order. For 15 of its 30 elements two passes of the inner shuffle are begun; reading ahead would begin the third, and the
        // second pass of the whole would start with the fourth.
        var inner = InputPipeline.Examples.Shuffle(10, seed: 3);
        var cut = inner.Repeat(3).Shuffle(1, seed: 1).Take(15);
        Assert.Equal(inner.Order(10).Concat(inner.Order(10, pass: 1)).Take(15), cut.Order(10));
        Assert.Equal(inner.Order(10, pass: 2).Concat(inner.Order(10, pass: 3)).Take(15), cut.Order(10, pass: 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void PrefetchingChangesNothing(int batches)
    {
        var pipeline = InputPipeline.Examples.Repeat(3).Shuffle(7, seed: 2).Map(
            (Span<float> features, ref int label) => features[0] += label).Batch(4, dropRemainder: true);
        var expected = Read(Twenty, pipeline);
        Assert.Equal(15, expected.Count);
        for (int again = 0; again < 50; again++) Assert.Equal(expected, Read(Twenty, pipeline.Prefetch(batches)));
    }

    [Fact]
    public void PrefetchingHoldsNoMoreBatchesThanAskedFor()
    {
        int mapped = 0, most = 0, read = 0;
        var pipeline = InputPipeline.Examples.Map((Span<float> _, ref int _) => Interlocked.Increment(ref mapped)).Batch(1).Prefetch(3);
        var reader = new BatchReader();
        reader.Begin(Client(200).Preprocess(pipeline));
        while (reader.Read(out _))
        {
            read++;
            if (read % 20 == 0) Thread.Sleep(2);
            most = Math.Max(most, Volatile.Read(ref mapped) - read);
        }

        Assert.Equal(200, mapped);
        Assert.InRange(most, 0, 3);
    }

    [Fact]
    public void AReaderThatIsLeftInTheMiddleBeginsAnew()
    {
        var reader = new BatchReader();
        var pipeline = InputPipeline.Examples.Batch(2).Prefetch(2);
        for (int again = 0; again < 100; again++)
        {
            reader.Begin(Twenty.Preprocess(pipeline));
            for (int i = 0; i < again % 12; i++) Assert.Equal(i < 10, reader.Read(out var batch) && batch.Labels[0] == 2 * i);
        }
    }

    [Fact]
    public void WhatAMapThrowsReachesTheReader()
    {
        var pipeline = InputPipeline.Examples.Map((Span<float> _, ref int label) => { if (label == 5) throw new NotSupportedException("five"); }).Batch(2);
        foreach (var either in (InputPipeline[])[pipeline, pipeline.Prefetch(2)])
        {
            var reader = new BatchReader();
            reader.Begin(Twenty.Preprocess(either));
            Assert.True(reader.Read(out _) && reader.Read(out _));
            Assert.Equal("five", Assert.Throws<NotSupportedException>(() => reader.Read(out _)).Message);
        }
    }

    [Fact]
    public void StagesOutOfPlaceAreRefused()
    {
        Assert.Throws<InvalidOperationException>(() => InputPipeline.Examples.Prefetch(1));
        Assert.Throws<InvalidOperationException>(() => InputPipeline.Examples.Batch(1).Take(1));
        Assert.Throws<InvalidOperationException>(() => InputPipeline.Examples.Batch(1).Map((Span<float> _, ref int _) => { }));
        Assert.Throws<InvalidOperationException>(() => InputPipeline.Examples.Filter((_, _) => true).Order(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputPipeline.Examples.Take(-1));
    }

    private static ClientDataset Client(int count) =>
        new("c", new ExampleTable(Enumerable.Range(0, count).Select(i => (float)i).ToArray(), Enumerable.Range(0, count).ToArray(), [1]), new RowSet(0, count));

    private static List<(float, int)[]> Read(ClientDataset client, InputPipeline pipeline)
    {
        var reader = new BatchReader();
        reader.Begin(client.Preprocess(pipeline));
        var batches = new List<(float, int)[]>();
        while (reader.Read(out var batch)) batches.Add([.. batch.Features.ToArray().Zip(batch.Labels.ToArray())]);
        return batches;
    }
}
