namespace FedPure.Learning.Models;

public class ParameterLayoutTests
{
    private static readonly ParameterLayout Mixed = new([("kernel", [2, 3], true), ("bias", [], false)], [("mean", [4], false), ("matrix", [2, 2], true)]);

    [Fact]
    public void TrainableSlicesComeFirstAndOffsetsFollowOn()
    {
        Assert.Equal(["kernel", "bias", "mean", "matrix"], Mixed.Slices.Select(slice => slice.Name));
        Assert.Equal([0, 6, 7, 11], Mixed.Slices.Select(slice => slice.Offset));
        Assert.Equal([true, true, false, false], Mixed.Slices.Select(slice => slice.Trainable));
        Assert.Equal(15, Mixed.Length);
        Assert.Equal(7, Mixed.TrainableLength);
        Assert.Equal(Mixed.Slices.Take(2), Mixed.Trainable.Slices);
        Assert.Same(Mixed.Trainable, Mixed.Trainable.Trainable);
    }

    [Fact]
    public void ALayoutOfTrainableSlicesIsItsOwnTrainablePart()
    {
        var layout = new ParameterLayout([("a", [2, 1], false)]);
        Assert.Same(layout, layout.Trainable);
        Assert.Equal(layout.Length, layout.TrainableLength);
    }

    [Fact]
    public void TheCanonicalOrderHoldsAllSlicesInTheLayoutsOrder()
    {
        float[] canonical = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        var weights = ModelWeights.FromCanonical(Mixed, canonical);
        Assert.Equal([1, 4, 2, 5, 3, 6, 7], weights.Trainable.ToArray());
        Assert.Equal([8, 9, 10, 11, 12, 14, 13, 15], weights.NonTrainable.ToArray());
        Assert.Equal(canonical, weights.ToCanonical());
        Assert.Equal(4 * 15, weights.ToBytes().Length);
    }

    [Fact]
    public void WhatMakesNoSenseIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ParameterLayout([("a", [1], true)]));
        Assert.Throws<ArgumentException>(() => new ParameterLayout([("a", [1], false)], [("a", [2], false)]));
        Assert.Throws<OverflowException>(() => new ParameterLayout([("a", [1 << 30], false), ("b", [1 << 30], false)]));
    }
}
