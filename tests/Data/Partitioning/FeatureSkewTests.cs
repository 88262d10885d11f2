namespace FedPure.Data.Partitioning;

public class FeatureSkewTests
{
    [Fact]
    public void NoiseGrowsWithTheClientAndStaysAnExamplesOwn()
    {
        // 10,000 zeros for each of four clients: a deviation is estimated within σ/√20000, five of those.
        var data = new IidPartitioner(4, 0).Partition(new ExampleTable(new float[40_000], new int[4000], [10])).WithNoise(2, seed: 5);
        for (int client = 0; client < 4; client++)
        {
            string id = data.ClientIds[client];
            var noise = Features(data.GetClient(id));
            double deviation = Math.Sqrt(noise.Average(x => (double)x * x)), expected = 2 * (client + 1) / 4.0;
            Assert.InRange(deviation, expected * (1 - 5 / Math.Sqrt(20_000)), expected * (1 + 5 / Math.Sqrt(20_000)));
            Assert.Equal(noise, Features(data.GetClient(id)));
        }

        Assert.NotEqual(Features(data.GetClient("client_0"))[..10], Features(data.GetClient("client_0"))[10..20]);
    }

    // The first values by a second implementation, in Python.
    [Fact]
    public void TheNoiseOfASeedNeverChanges()
    {
        var data = new IidPartitioner(1, 0).Partition(new ExampleTable(new float[3], new int[1], [3])).WithNoise(1, seed: 5);
        Assert.Equal([-0.639546752f, -0.140014127f, -0.871201277f], Features(data.GetClient("client_0")));
    }

    [Fact]
    public void RightAnglesTurnTheImageExactly()
    {
        var data = new FederatedDataset(
            new ExampleTable(new float[] { 1, 2, 3, 4 }, new[] { 7 }, [2, 2]),
            Enumerable.Range(0, 4).Select(i => KeyValuePair.Create($"c{i}", new RowSet(0, 1))));
        var turned = data.Rotated(0, 90, 180, -90);
        Assert.Equal([[1, 2, 3, 4], [2, 4, 1, 3], [4, 3, 2, 1], [3, 1, 4, 2]], turned.ClientIds.Select(id => Features(turned.GetClient(id))));
        Assert.Equal(7, turned.GetClient("c1").Label(0));
        Assert.Equal([1, 2, 3, 4], data.Examples.Features.ToArray());
    }

    // By a Python program: counter-clockwise by 30°, the pixel at (dx, dy) from the middle, y down, is the source's at (dx·cos - dy·sin, dx·sin + dy·cos).
    [Fact]
    public void AnyAngleIsInterpolated()
    {
        var data = new FederatedDataset(new ExampleTable(new[] { 0, 0.25f, 0.5f, 1, 0.75f, 0.125f }, new[] { 0 }, [2, 3]), [new("c", new RowSet(0, 1))]);
        float[] expected = [0.09599365f, 0.33134018f, 0.28737976f, 0.43301270f, 0.77063294f, 0.36498412f];
        var turned = Features(data.Rotated(30).GetClient("c"));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], turned[i], 1e-7f);
    }

    [Fact]
    public void AClientThatIsReadOnDemandIsReadOnceToBeTurned()
    {
        int reads = 0;
        var data = new LazyFederatedDataset(
            ElementSpec.ForExamples([1, 2]), [new("c", 1)], _ => new ExampleTable(new float[] { reads++, 1 }, new int[1], [1, 2]), new ClientCache(0));
        Assert.Equal([1f, 0f], Features(data.Rotated(180).GetClient("c")));
        Assert.Equal(1, reads);
    }

    [Fact]
    public void APlainImageStaysWhateverTheAngle()
    {
        var data = new FederatedDataset(new ExampleTable(Enumerable.Repeat(0.75f, 35).ToArray(), new[] { 0 }, [5, 7]), [new("c", new RowSet(0, 1))]);
        Assert.All(Features(data.Rotated(33.3).GetClient("c")), pixel => Assert.Equal(0.75f, pixel, 1e-7f));
    }

    [Fact]
    public void WhatIsNoImageIsNotRotated()
    {
        var data = new FederatedDataset(new ExampleTable(new float[4], new[] { 0 }, [4]), [new("c", new RowSet(0, 1))]);
        Assert.Throws<InvalidOperationException>(() => data.Rotated(90).GetClient("c"));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.WithNoise(-1, 0));
        Assert.Throws<ArgumentException>(() => data.Rotated());
    }

    private static float[] Features(ClientDataset client) => [.. Enumerable.Range(0, client.Count).SelectMany(i => client.Features(i).ToArray())];
}
